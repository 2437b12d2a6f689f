// SPDX-License-Identifier: MIT
#include "app/cli/exit_code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace mailstate {
namespace {

TEST(ExitCode, OfApplyFollowsTheOutcome)
{
    EXPECT_EQ(exit_code_of(Outcome::done, Severity::error, Strict::no, 0), 0);
    EXPECT_EQ(exit_code_of(Outcome::done, Severity::note, Strict::yes, 0), 0);
    EXPECT_EQ(exit_code_of(Outcome::done, Severity::warning, Strict::yes, 0), 3);
    EXPECT_EQ(exit_code_of(Outcome::blocked, Severity::error, Strict::yes, 0), 4);
    EXPECT_EQ(exit_code_of(Outcome::midway, Severity::error, Strict::no, 0), 5);
    EXPECT_EQ(exit_code_of(Outcome::locked, Severity::note, Strict::no, 0), 75);
    EXPECT_EQ(exit_code_of(Outcome::interrupted, Severity::note, Strict::no, SIGTERM), 143);
}

TEST(ExitCode, OfVerifyFollowsTheWorstFinding)
{
    EXPECT_EQ(exit_code_of(Severity::note, Strict::yes), ExitCode::done);
    EXPECT_EQ(exit_code_of(Severity::warning, Strict::no), ExitCode::done);
    EXPECT_EQ(exit_code_of(Severity::warning, Strict::yes), ExitCode::problems_found);
    EXPECT_EQ(exit_code_of(Severity::error, Strict::no), ExitCode::problems_found);
}

TEST(ExitCode, HasARowForEachNumber)
{
    for (const ExitCode code : {ExitCode::done, ExitCode::changes, ExitCode::problems_found, ExitCode::blocked,
                                ExitCode::midway, ExitCode::usage, ExitCode::bad_file, ExitCode::locked}) {
        const std::string number = std::to_string(number_of(code));
        EXPECT_EQ(std::ranges::count(exit_code_table(), number, &ExitCodeDesc::number), 1) << number;
    }
}

}  // namespace
}  // namespace mailstate
