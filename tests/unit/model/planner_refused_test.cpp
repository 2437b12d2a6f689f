// SPDX-License-Identifier: MIT
// The plan of an origin that cannot be moved, and of a destination that cannot be used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <map>

#include "unit/model/planner_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

using PlanOfUnusable = PlannerWorld;

TEST_F(PlanOfUnusable, LeavesALinkElsewhereAlone)
{
    given(OriginState::link_elsewhere, DestinationState::absent).link_text = "/srv/redis";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_THAT(planned().reason, HasSubstr("/srv/redis"));
}

TEST_F(PlanOfUnusable, LeavesAnotherKindAlone)
{
    given(OriginState::other, DestinationState::absent).other_kind = "fifo";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(PlanOfUnusable, RefusesADestinationThatIsALink)
{
    given(OriginState::directory, DestinationState::link);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(finding("destination.link")->severity, Severity::error);
}

TEST_F(PlanOfUnusable, RefusesADestinationOfAnotherKind)
{
    given(OriginState::directory, DestinationState::other);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(PlanOfUnusable, SaysWhatToDoAboutALinkToItself)
{
    for (const char* text : {"redis", "./redis", "/var/lib/redis"}) {
        given(OriginState::link_elsewhere, DestinationState::absent).link_text = text;
        EXPECT_EQ(planned().code, "origin.link-loop") << text;
        EXPECT_THAT(finding("origin.link-loop")->hint, HasSubstr("'rm /var/lib/redis'"));
    }
}

TEST_F(PlanOfUnusable, NamesTheLinkOnTheWayToADestination)
{
    given(OriginState::directory, DestinationState::link).destination_link = "/var/mail-state/etc";
    EXPECT_EQ(planned().code, "destination.link");
    EXPECT_THAT(finding("destination.link")->hint, HasSubstr("/var/mail-state/etc with the directory"));
}

TEST_F(PlanOfUnusable, GivesTheRemedyForWhatCannotBeRead)
{
    EntrySurvey& seen = given(OriginState::unreadable, DestinationState::absent);
    for (const auto& [number, remedy] : std::map<int, const char*>{
             {EACCES, "DAC_OVERRIDE"}, {EMFILE, "ulimit"}, {ENOTCONN, "FUSE"}, {EXDEV, "mount"}}) {
        seen.problem_number = number;
        EXPECT_EQ(planned().code, "entry.unreadable");
        EXPECT_THAT(finding("entry.unreadable")->hint, HasSubstr(remedy));
    }
}

TEST_F(PlanOfUnusable, WarnsOfContentWhoseOriginHasNoDirectory)
{
    given(OriginState::parent_missing, DestinationState::absent);
    EXPECT_EQ(planned().code, "origin.parent-missing");
    EXPECT_EQ(finding("origin.parent-missing")->severity, Severity::note);
    given(OriginState::parent_missing, DestinationState::populated);
    (void)planned();
    EXPECT_EQ(finding("origin.parent-missing")->severity, Severity::warning);
}

TEST_F(PlanOfUnusable, LeavesAnOriginInUseAlone)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::absent);
    seen.origin_in_use = true;
    seen.in_use_by = "redis-server (process 12)";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_THAT(planned().reason, HasSubstr("redis-server (process 12)"));
}

}  // namespace
