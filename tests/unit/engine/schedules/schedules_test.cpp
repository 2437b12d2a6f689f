// SPDX-License-Identifier: MIT
// Two runs on one volume without a lock that both know, in every order of their steps, each order followed by a third
// run on a container that is made anew: nothing is lost, and the third ends done. By default a sample of the orders
// with at most two switches. By hand:
//
//   MAILSTATE_SCHEDULES=1 unit_schedules      all with one switch, in all views; a quarter of an hour
//   MAILSTATE_SCHEDULES=2 unit_schedules      all with at most two, in the two extreme views; one and a half hours
//   MAILSTATE_SCHEDULES=3/500 unit_schedules  with at most three, 500 runs of each pair and view, by chance
//   MAILSTATE_SCHEDULES=all/500 unit_schedules    the same without a bound, worlds of one file
//   MAILSTATE_SCHEDULE='B 92, A 88, B' unit_schedules --gtest_filter='*LosesNothing/0'
//                                             one of them, as a failure prints it, with each step; MAILSTATE_SCHEDULES
//                                             as it was
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "support/sanitized.hpp"
#include "unit/engine/schedules/explorer.hpp"

using namespace mailstate;
using namespace mailstate::schedules;

namespace {

constexpr View plain{};
constexpr std::array views = {plain, View{true, Memory::none}, View{true, Memory::of_a}, View{true, Memory::of_b},
                              View{true, Memory::of_both}};

struct Extent {
    Size size = Size::some_files;
    Limits limits{2, 4};
    VolumeTest test = VolumeTest::each_call_a_step;
    bool in_all_views = false;
};

std::string variable(const char* name)
{
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Extent extent()
{
    const std::string asked = variable("MAILSTATE_SCHEDULES");
    if (asked.empty()) return {};
    if (asked == "1") return {Size::some_files, {1}, VolumeTest::each_call_a_step, true};
    Extent extent{Size::some_files, {}, VolumeTest::one_step};
    if (asked.starts_with("all"))
        extent.size = Size::one_file;
    else
        extent.limits.switches = std::stoi(asked);
    if (const std::size_t slash = asked.find('/'); slash != std::string::npos)
        extent.limits.runs = std::stoul(asked.substr(slash + 1));
    return extent;
}

void explore_all(const Stage& stage, const View& view, const std::string& name)
{
    const Exploration found = explore(stage, view, extent().limits);
    std::cout << name << ": " << found.schedules << " schedules by " << found.runs << " runs through " << found.points
              << " points to " << found.ends << " ends, " << found.losses << " wrong"
              << (found.is_whole ? "" : "; a sample") << std::endl;
    EXPECT_EQ(found.diverged, 0) << name;
    EXPECT_EQ(found.losses, 0) << name;
    for (const Loss& loss : found.first) ADD_FAILURE() << to_text(loss.schedule) << ": " << loss.what;
}

void play_one(const Stage& stage, const View& view, const std::string& schedule)
{
    std::vector<std::string> log;
    const std::string wrong = play(stage, view, from_text(schedule), log);
    for (const std::string& step : log) std::cout << "  " << step << '\n';
    EXPECT_EQ(wrong, "") << name_of(view);
}

class Schedules : public ::testing::TestWithParam<std::tuple<Act, Act>> {};

TEST_P(Schedules, LosesNothing)
{
    const auto [first, second] = GetParam();
    const Stage stage({first, second}, extent().size, extent().test);
    const std::string schedule = variable("MAILSTATE_SCHEDULE");
    const bool in_all_views = !schedule.empty() || extent().in_all_views;
    for (const View& view : views) {
        if (!in_all_views && view.no_rename_flags != (view.memory == Memory::of_both)) continue;  // the two extremes
        if (schedule.empty())
            explore_all(stage, view,
                        std::string(name_of(first)) + " and " + std::string(name_of(second)) + ", " + name_of(view));
        else
            play_one(stage, view, schedule);
    }
}

std::vector<std::tuple<Act, Act>> pairs()
{
    std::vector<std::tuple<Act, Act>> pairs;
    for (const Act first : all_acts)
        for (const Act second : all_acts)
            if (is_sanitized ? first == second : first <= second) pairs.emplace_back(first, second);
    return pairs;
}

INSTANTIATE_TEST_SUITE_P(OfTwoRuns, Schedules, ::testing::ValuesIn(pairs()));

// A run that empties what it finds in the destination destroys it where it comes second, and nothing where it is first.
TEST(Explorer, FindsWhatIsLostAndRepeatsIt)
{
    const Stage stage({Act::move, Act::careless}, Size::one_file);
    const Exploration found = explore(stage, plain, {1});
    EXPECT_EQ(found.diverged, 0);
    EXPECT_GT(found.losses, 0);
    ASSERT_FALSE(found.first.empty());
    std::vector<std::string> log;
    EXPECT_EQ(play(stage, plain, found.first.front().schedule, log), found.first.front().what);
    EXPECT_FALSE(log.empty());
    log.clear();
    EXPECT_EQ(play(stage, plain, from_text("B 2, A"), log), "");
}

// That no switch is made before steps of which the other sees nothing leaves out no end.
TEST(Explorer, ComesToTheSameEndsWithFewerSwitches)
{
    for (const Act other : {Act::careless, Act::move}) {
        if (is_sanitized && other == Act::move) continue;
        const Stage stage({Act::move, other}, Size::one_file, VolumeTest::one_step);
        const View view{true, Memory::of_a};
        const Exploration found = explore(stage, view, {.switches = 1});
        const Exploration whole = explore(stage, view, {.switches = 1, .at_each_step = true});
        EXPECT_EQ(found.ends, whole.ends);
        EXPECT_EQ(found.losses == 0, whole.losses == 0);
        EXPECT_LT(found.runs, whole.runs);
    }
}

TEST(Explorer, WritesAScheduleAsItReadsIt)
{
    for (const char* text : {"A", "B", "A 12, B", "B 3, A 40, B 1, A"}) EXPECT_EQ(to_text(from_text(text)), text);
}

}  // namespace
