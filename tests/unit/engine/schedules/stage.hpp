// SPDX-License-Identifier: MIT
// Three machines with origins of their own, over one volume whose locks exclude nobody on another machine: two are
// about to run, the third is a container that is made anew afterwards.
#pragma once

#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "unit/engine/engine_world.hpp"

namespace mailstate::schedules {

// What a machine is about to do.
enum class Act { move, keep, adopt, refresh, file, in_place, sweep, roll_back, move_again, restore, careless };
// `careless` is no run of ours: it empties each file that it finds in the destination.
inline constexpr std::array all_acts = {Act::move,     Act::keep,  Act::adopt,     Act::refresh,    Act::file,
                                        Act::in_place, Act::sweep, Act::roll_back, Act::move_again, Act::restore};
std::string_view name_of(Act act);

enum class Size { one_file, some_files };

// How a run tests what the volume can do: half of its calls, in a scratch directory with nothing to lose.
enum class VolumeTest { each_call_a_step, one_step };

struct Part {
    Act act = Act::move;
    std::string entry;      // that it does it with
    std::string displaced;  // what it restores
};

class Stage {
public:
    Stage(std::array<Act, 2> acts, Size size, VolumeTest test = VolumeTest::each_call_a_step);
    [[nodiscard]] bool tests_in_one_step() const { return test_ == VolumeTest::one_step; }

    // Everything as it is before the two runs, each time from the start: A, B and the container made anew.
    [[nodiscard]] std::vector<FakeFilesystem> machines() const;
    // The run of one of them, 0 or 1; what went wrong in a way that is nobody's to expect, or nothing.
    [[nodiscard]] std::string run(FakeFilesystem& machine, int who) const;
    // The third run, which must end done.
    [[nodiscard]] std::string run_third(FakeFilesystem& machine) const;

    // What the files hold, each content that one of the machines has anywhere.
    [[nodiscard]] std::set<std::string> contents(const std::vector<FakeFilesystem>& machines) const;
    [[nodiscard]] const std::set<std::string>& precious() const { return precious_; }

private:
    void act(const World& world, FakeFilesystem& machine, const Part& part) const;
    void prepare(std::size_t who);
    void populate(const std::string& entry);
    void fill(EngineWorld& world, const std::string& entry, const std::string& owner) const;
    [[nodiscard]] std::string origin_of(const std::string& entry) const;

    Size size_;
    VolumeTest test_;
    std::array<Part, 2> parts_;
    std::vector<std::unique_ptr<EngineWorld>> worlds_;  // A, B, the third, and the one that was there before
    std::set<std::string> precious_;
};

}  // namespace mailstate::schedules
