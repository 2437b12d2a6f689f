// SPDX-License-Identifier: MIT
#include "posix/process_status.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace mailstate {
namespace {

constexpr const char* status =
    "Name:\tmaster\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t412\nNgid:\t0\nPid:\t415\nPPid:\t1\nTracerPid:\t0\n";

TEST(ProcessStatus, ReadsParentLeaderAndState)
{
    const auto found = parse_process_status(status);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->parent, 1);
    EXPECT_EQ(found->leader, 412);
    EXPECT_FALSE(found->zombie);
}

TEST(ProcessStatus, KnowsAZombie)
{
    const auto found = parse_process_status("Name:\tx\nState:\tZ (zombie)\nTgid:\t7\nPPid:\t1\n");
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->zombie);
}

TEST(ProcessStatus, IsNotFooledByAName)
{
    const auto found = parse_process_status("Name:\tPPid:\t9\nState:\tS\nTgid:\t7\nPPid:\t1\n");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->parent, 1);
}

TEST(ProcessStatus, OfAnotherTextIsNothing)
{
    EXPECT_FALSE(parse_process_status(""));
    EXPECT_FALSE(parse_process_status("PPid:\t1\n"));
    EXPECT_FALSE(parse_process_status("State:\tS\nTgid:\tx\nPPid:\t1\n"));
}

TEST(StartTicks, AreTheTwentySecondField)
{
    EXPECT_EQ(parse_start_ticks("7 (sh) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 8543210 2576384 236\n"),
              8543210U);
}

TEST(StartTicks, AreFoundBehindAnyCommand)
{
    EXPECT_EQ(parse_start_ticks("7 (a) b) 9 (c) S 1 7 7 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 42 2576384 236\n"), 42U);
}

TEST(StartTicks, OfAnotherTextAreNothing)
{
    EXPECT_FALSE(parse_start_ticks(""));
    EXPECT_FALSE(parse_start_ticks("7 (sh) S 1 2 3"));
    EXPECT_FALSE(parse_start_ticks("7 sh S"));
}

TEST(OwnLine, HoldsThisProcessAndItsParent)
{
    const auto line = own_line();
    EXPECT_EQ(line.count(::getpid()), 1U);
    EXPECT_EQ(line.count(::getppid()), ::getppid() > 0 ? 1U : 0U);
}

}  // namespace
}  // namespace mailstate
