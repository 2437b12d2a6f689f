// SPDX-License-Identifier: MIT
// The plan of an origin beside a destination that somebody else made of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/model/planner_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

using PlanOfForeignCopy = PlannerWorld;

TEST_F(PlanOfForeignCopy, MovesAnOriginOverAnInterruptedCopyOfIt)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    seen.foreign_copy = ForeignCopy{Likeness::interrupted, "dump.rdb ends after 1 B of 2 B", 1, {1, 1, 4096, "g", 9}};
    EXPECT_EQ(planned().decision, Decision::move);
    ASSERT_NE(finding("entry.interrupted-copy"), nullptr);
    EXPECT_EQ(finding("entry.interrupted-copy")->severity, Severity::warning);
    EXPECT_THAT(finding("entry.interrupted-copy")->message, HasSubstr("dump.rdb ends after"));
}

TEST_F(PlanOfForeignCopy, KeepsAnInterruptedCopyThatCannotBeSetAside)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    seen.foreign_copy = ForeignCopy{Likeness::interrupted, "dump.rdb ends after 1 B of 2 B", 1, {1, 1, 4096, "g", 9}};
    seen.destination_mount = true;
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    EXPECT_NE(finding("entry.partial-destination"), nullptr);
    seen.destination_mount = false;
    options.no_link = true;
    EXPECT_EQ(planned().decision, Decision::keep_unlinked);
    EXPECT_NE(finding("entry.partial-destination"), nullptr);
}

TEST_F(PlanOfForeignCopy, KeepsAPartOfTheOriginWithAnErrorThatGivesBothSizes)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    seen.foreign_copy = ForeignCopy{Likeness::partial, "", 2, {1, 1, 4096, "g", 9}};
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    ASSERT_NE(finding("entry.partial-destination"), nullptr);
    EXPECT_EQ(finding("entry.partial-destination")->severity, Severity::error);
    EXPECT_THAT(finding("entry.partial-destination")->message,
                HasSubstr("1 file (9 B) of the origin's 3 files (4.0 KiB)"));
}

TEST_F(PlanOfForeignCopy, KeepsAnyOtherDestinationWithoutAWord)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    for (const Likeness likeness : {Likeness::different, Likeness::equal}) {
        seen.foreign_copy = ForeignCopy{likeness, "", 0, {}};
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        EXPECT_TRUE(plan.findings.empty());
    }
}

}  // namespace
