// SPDX-License-Identifier: MIT
// Two runs on one volume without a lock that both know, in every order of their steps, followed by a third: nothing is
// lost, and the third ends done.
//
//   MAILSTATE_SCHEDULES=all unit_schedules            everything that issue 14 asks for: hours
//   MAILSTATE_SCHEDULE='keep/keep/one file/plain: A 12, B 3, A' unit_schedules --gtest_filter='*Plays*'
//                                                     one schedule, with each step
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "unit/engine/schedules/explorer.hpp"

using namespace mailstate;
using namespace mailstate::schedules;

namespace {

constexpr View plain{};
constexpr std::array views = {View{false, Memory::none}, View{true, Memory::none}, View{true, Memory::of_a},
                              View{true, Memory::of_b}, View{true, Memory::of_both}};

void report(const Exploration& found, const std::string& name)
{
    std::cout << name << ": " << found.schedules << " schedules by " << found.runs << " runs through " << found.points << " points, " << found.losses
              << " wrong" << (found.is_whole ? "" : ", not all") << '\n';
    EXPECT_EQ(found.diverged, 0) << name;
    EXPECT_EQ(found.losses, 0) << name;
    for (const Loss& loss : found.first) std::cout << "  " << to_text(loss.schedule) << ": " << loss.what << '\n';
}

class EverySchedule : public ::testing::TestWithParam<std::tuple<Act, Act>> {};

TEST_P(EverySchedule, LosesNothing)
{
    const auto [first, second] = GetParam();
    if (first > second) return;
    const char* limit = std::getenv("MAILSTATE_SCHEDULES");
    const Stage stage({first, second}, Size::one_file);
    for (const View& view : views) {
        Limits limits;
        if (const char* most = std::getenv("MAILSTATE_SCHEDULES_RUNS")) limits.runs = std::stoul(most);
        limits.switches = limit != nullptr && std::string(limit) == "all" ? std::nullopt : std::optional(2);
        report(explore(stage, view, limits),
               std::string(name_of(first)) + "/" + std::string(name_of(second)) + "/one file/" + name_of(view));
    }
}

INSTANTIATE_TEST_SUITE_P(OfTwoRuns, EverySchedule, ::testing::Combine(::testing::ValuesIn(all_acts), ::testing::ValuesIn(all_acts)));

}  // namespace
