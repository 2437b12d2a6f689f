// SPDX-License-Identifier: MIT
// Two runs in two threads, one step at a time.
#pragma once

#include "unit/engine/schedules/baton.hpp"
#include "unit/engine/schedules/explorer.hpp"

namespace mailstate::schedules {

// Of a step: "A unlinkat /var/lib/plain/file".
struct Step {
    int who = 0;
    std::string call, path;
};

class Duet {
public:
    // before: asked before each step of the run that goes on (but not before the first of each), who goes on.
    Duet(const Stage& stage, const View& view, int first, Baton::Choice before);
    std::function<void(const Step& step)> begins;  // each step
    std::function<void(int who)> ends;             // each run; the other goes on

    void run();
    void cut() { is_cut_ = true; }  // from now on every call fails: nobody wants to know how this ends
    [[nodiscard]] bool is_cut() const { return is_cut_; }

    [[nodiscard]] FakeClient& client(int who) { return machines_.at(static_cast<std::size_t>(who)).client(); }
    [[nodiscard]] int steps(int who) const { return steps_.at(static_cast<std::size_t>(who)); }
    [[nodiscard]] bool has_ended(int who) const { return baton_.has_ended(who); }
    [[nodiscard]] Digest volume() const;
    // What is wrong now that both have ended, and after the run of a third.
    [[nodiscard]] std::string verdict(bool with_third);

private:
    void perform(int who);
    int before_call(int who, std::string_view call, std::string_view path);
    [[nodiscard]] std::string missing() const;

    const Stage& stage_;
    std::vector<FakeFilesystem> machines_;
    Baton baton_;
    std::array<int, 2> steps_{};
    std::array<std::string, 2> wrong_;
    bool is_cut_ = false;
};

}  // namespace mailstate::schedules
