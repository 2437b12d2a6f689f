// SPDX-License-Identifier: MIT
#include "mailstate/model/finding.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

Finding finding_of(Severity severity)
{
    return {severity, "some.code", "redis", "something was seen", ""};
}

TEST(Finding, HasANameForEachSeverity)
{
    EXPECT_EQ(name_of(Severity::note), "note");
    EXPECT_EQ(name_of(Severity::warning), "warning");
    EXPECT_EQ(name_of(Severity::error), "error");
}

TEST(Finding, TheWorstOfNoneIsANote)
{
    EXPECT_EQ(worst({}), Severity::note);
}

TEST(Finding, TheWorstOfSeveralCountsWhereverItStands)
{
    EXPECT_EQ(worst({finding_of(Severity::note), finding_of(Severity::warning)}), Severity::warning);
    EXPECT_EQ(worst({finding_of(Severity::error), finding_of(Severity::warning)}), Severity::error);
}

}  // namespace
}  // namespace mailstate
