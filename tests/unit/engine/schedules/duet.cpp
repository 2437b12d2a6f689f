// SPDX-License-Identifier: MIT
#include "unit/engine/schedules/duet.hpp"

#include <cerrno>
#include <thread>

#include "fake/fake_client.hpp"

namespace mailstate::schedules {

namespace {

bool changes_nothing(std::string_view call)
{
    static const std::set<std::string_view> reads = {"statx",      "openat2", "read",     "getdents64",
                                                     "readlinkat", "fstatfs", "listxattr"};
    return reads.contains(call);
}

// Below the scratch directory in which a run tests what the volume can do: half of all its calls, and nothing to lose.
bool is_of_the_test(std::string_view path)
{
    const std::size_t scratch = path.find("/staging/probe.");
    return scratch != std::string_view::npos && path.find('/', scratch + sizeof "/staging") != std::string_view::npos;
}

}  // namespace

Duet::Duet(const Stage& stage, const View& view, int first, Baton::Choice before)
    : stage_(stage), machines_(stage.machines()), baton_(first, std::move(before))
{
    FakeQuirks quirks;
    quirks.no_rename_flags = view.no_rename_flags;
    for (FakeFilesystem& machine : machines_) machine.set_quirks(quirks);
    client(0).forgetful = view.memory != Memory::of_a && view.memory != Memory::of_both;
    client(1).forgetful = view.memory != Memory::of_b && view.memory != Memory::of_both;
}

int Duet::before_call(int who, std::string_view call, std::string_view path)
{
    if (is_cut_) return EIO;
    if (changes_nothing(call) || (stage_.tests_in_one_step() && is_of_the_test(path))) return 0;
    baton_.step(who);
    ++steps_.at(static_cast<std::size_t>(who));
    begins({who, std::string(call), std::string(path)});
    return is_cut_ ? EIO : 0;
}

void Duet::perform(int who)
{
    const auto index = static_cast<std::size_t>(who);
    FakeFilesystem& machine = machines_.at(index);
    machine.set_hook(
        [this, who](std::string_view call, std::string_view path) { return before_call(who, call, path); });
    baton_.begin(who);
    ++steps_.at(index);
    begins({who, "begins", ""});
    wrong_.at(index) = stage_.run(machine, who);
    ends(who);
    baton_.end(who);
}

void Duet::run()
{
    std::thread a([this] { perform(0); }), b([this] { perform(1); });
    a.join();
    b.join();
    for (FakeFilesystem& machine : machines_) machine.set_hook({});
}

Digest Duet::volume() const
{
    return machines_.front().shared_state();
}

std::string Duet::missing() const
{
    const std::set<std::string> found = stage_.contents(machines_);
    std::string text;
    for (const std::string& content : stage_.precious())
        if (!found.contains(content)) text += " lost: '" + content + "'";
    return text;
}

std::string Duet::verdict(bool with_third)
{
    for (const std::string& wrong : wrong_)
        if (!wrong.empty()) return wrong;
    for (int who : {0, 1}) client(who).forgetful = true;
    if (std::string text = missing(); !text.empty()) return "after the two:" + text;
    if (!with_third) return "";
    if (std::string text = stage_.run_third(machines_[2]); !text.empty()) return text;
    if (std::string text = missing(); !text.empty()) return "after the third run:" + text;
    return "";
}

}  // namespace mailstate::schedules
