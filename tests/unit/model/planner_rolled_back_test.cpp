// SPDX-License-Identifier: MIT
// The plan of an origin that was rolled back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/model/planner_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

using PlanOfRolledBack = PlannerWorld;

TEST_F(PlanOfRolledBack, MovesAgainWhatWasRolledBackHereSinceItIsNewer)
{
    given(OriginState::directory, DestinationState::populated);
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_EQ(planned().amount.bytes, 4096U);
    EXPECT_THAT(planned().reason, HasSubstr("rolled back; where it was used since"));
    EXPECT_EQ(finding("entry.rolled-back-elsewhere"), nullptr);
}

TEST_F(PlanOfRolledBack, KeepsTheDestinationOfWhatWasRolledBackInAnotherContainerAndSaysSo)
{
    given(OriginState::directory, DestinationState::populated);
    for (const char* record : {"", "another run"}) {
        given_rolled_back("run", record);
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        ASSERT_NE(finding("entry.rolled-back-elsewhere"), nullptr);
        EXPECT_EQ(finding("entry.rolled-back-elsewhere")->severity, Severity::warning);
    }
}

TEST_F(PlanOfRolledBack, DoesNotTrustARecordThatTheLedgerDoesNotKnow)
{
    given(OriginState::directory, DestinationState::populated).rollback_record = "run";
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    survey.ledger->entries["redis"].phase = Phase::rolled_back;  // without a name of its own
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    survey.entries["redis"].rollback_record = "";
    EXPECT_EQ(planned().decision, Decision::keep_destination);
}

TEST_F(PlanOfRolledBack, MovesWhatWasRolledBackToADestinationThatIsGone)
{
    given(OriginState::directory, DestinationState::absent);
    given_rolled_back("run", "");
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(PlanOfRolledBack, LeavesARolledBackOriginAloneWhoseDestinationCannotBeSetAside)
{
    given(OriginState::directory, DestinationState::populated).destination_mount = true;
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "destination.outdated");
    EXPECT_FALSE(planned().ownership);
    survey.entries["redis"].as_rolled_back = true;
    EXPECT_EQ(planned().decision, Decision::keep_destination);
}

TEST_F(PlanOfRolledBack, TakesALinkForInPlaceWhateverACutOffRollBackHasLeft)
{
    given(OriginState::link_home, DestinationState::populated).rollback_leftover = true;
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(planned().clear_leftover);
    EXPECT_TRUE(plan.record);
}

}  // namespace
