// SPDX-License-Identifier: MIT
// What goes back from the volume, one test a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mailstate/model/rollback_plan.hpp"
#include "unit/model/planned_entry.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

class RollbackPlanner : public ::testing::Test {
protected:
    RollbackPlanner()
    {
        layout.name = "test";
        layout.state_dir = "/var/mail-state";
        given_entry("redis");
        survey.volume.state = VolumeState::present;
        survey.volume.mounted = true;
        survey.ledger = Ledger{};
        survey.ledger->identities = Identities{};
    }

    void given_entry(const std::string& name, Kind kind = Kind::directory)
    {
        add_entry(layout, survey, name, kind);
        given(OriginState::link_home, DestinationState::populated, name);
        ReturnSurvey way;
        way.size = TreeSize{3, 1, 8192, "f", 4096};
        way.device = 1;
        way.filesystem.free_bytes = 1U << 30U;
        way.filesystem.free_inodes = 1000;
        returns[name] = way;
    }

    EntrySurvey& given(OriginState origin, DestinationState destination, const std::string& name = "redis")
    {
        EntrySurvey& seen = survey.entries[name];
        seen = {};
        seen.origin = origin;
        seen.destination = destination;
        return seen;
    }

    PlanEntry planned(const std::string& name = "redis")
    {
        plan = make_rollback_plan(survey, returns, layout, options, aim);
        return *std::ranges::find(plan.entries, name, &PlanEntry::name);
    }

    // What is left alone is said under the same code.
    void expect_left_alone(const std::string& code, Severity severity)
    {
        EXPECT_EQ(planned().decision, Decision::leave_alone);
        EXPECT_EQ(planned().code, code);
        const auto found = std::ranges::find(plan.findings, code, &Finding::code);
        ASSERT_NE(found, plan.findings.end()) << code;
        EXPECT_EQ(found->severity, severity) << code;
        EXPECT_FALSE(has_changes(plan));
    }

    Layout layout;
    Survey survey;
    RollbackSurvey returns;
    bool is_said(const std::string& code) const
    {
        return std::ranges::find(plan.findings, code, &Finding::code) != plan.findings.end();
    }

    PlanOptions options;
    RollbackAim aim;
    Plan plan;
};

TEST_F(RollbackPlanner, ReturnsWhatIsALinkToTheVolume)
{
    EXPECT_EQ(planned().decision, Decision::roll_back);
    EXPECT_EQ(planned().amount.files, 3U);
    EXPECT_EQ(planned().amount.bytes, 4096U);
    EXPECT_TRUE(has_changes(plan));
}

TEST_F(RollbackPlanner, ReturnsWhatTheVolumeHasAndTheOriginLacks)
{
    given(OriginState::absent, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::roll_back);
}

TEST_F(RollbackPlanner, LeavesWhatOnlyItsUserMayRead)
{
    EntrySurvey& seen = given(OriginState::link_home, DestinationState::populated);
    seen.as_user = Owner{Uid{101}, Gid{104}};
    seen.only_as_user = true;
    returns.clear();
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "rollback.root-squash");
    EXPECT_THAT(plan.findings.back().hint, HasSubstr("no_root_squash"));
}

TEST_F(RollbackPlanner, LeavesWhatWasRolledBackAlready)
{
    given(OriginState::directory, DestinationState::populated).rollback_record = "run";
    survey.ledger->entries["redis"].phase = Phase::rolled_back;
    survey.ledger->entries["redis"].rollback = "run";
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_FALSE(has_changes(plan));
    survey.entries["redis"].rollback_staged = true;
    EXPECT_TRUE(planned().clear_leftover);
    EXPECT_TRUE(has_changes(plan));
}

TEST_F(RollbackPlanner, NeverReplacesAnOriginThatHoldsSomething)
{
    given(OriginState::directory, DestinationState::populated);
    expect_left_alone("origin.not-a-link", Severity::warning);
}

TEST_F(RollbackPlanner, HasNothingToReturnToAnOriginThatTheVolumeLacks)
{
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(plan.findings.empty());
}

TEST_F(RollbackPlanner, LeavesMountsAndForeignLinksAlone)
{
    for (const OriginState state : {OriginState::mount_point, OriginState::mounts_below}) {
        given(state, DestinationState::populated).mounts = {{"/var/lib/redis", "ext4", "/dev/sda1", "/"}};
        expect_left_alone("origin.mounted", Severity::note);
    }
    given(OriginState::same_as_destination, DestinationState::populated);
    expect_left_alone("origin.mounted", Severity::note);
    given(OriginState::link_elsewhere, DestinationState::populated);
    expect_left_alone("origin.link-elsewhere", Severity::warning);
    given(OriginState::other, DestinationState::populated);
    expect_left_alone("origin.kind", Severity::warning);
}

TEST_F(RollbackPlanner, LeavesALinkAloneWhoseDestinationIsLost)
{
    given(OriginState::link_home, DestinationState::absent);
    expect_left_alone("destination.lost", Severity::error);
}

TEST_F(RollbackPlanner, NeverFollowsADestinationThatIsALink)
{
    given(OriginState::link_home, DestinationState::link);
    expect_left_alone("destination.kind", Severity::error);
}

TEST_F(RollbackPlanner, IsBlockedWhileAServiceRunsOnOneOfThem)
{
    given_entry("clamav");
    returns["redis"].in_use_by = "redis-server (process 12)";
    EXPECT_EQ(planned("clamav").decision, Decision::leave_alone);
    EXPECT_EQ(planned("redis").decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
    EXPECT_TRUE(is_said("rollback.in-use"));
    const auto said = std::ranges::find(plan.findings, "destination.in-use", &Finding::code);
    ASSERT_NE(said, plan.findings.end());
    EXPECT_THAT(said->message, HasSubstr("redis-server (process 12)"));
    options.only = {"clamav"};
    EXPECT_EQ(planned("clamav").decision, Decision::roll_back);
}

TEST_F(RollbackPlanner, GoesOnUnderAServiceWhereThatIsAskedFor)
{
    returns["redis"].in_use_by = "redis-server (process 12)";
    aim.allow_in_use = true;
    EXPECT_EQ(planned().decision, Decision::roll_back);
    EXPECT_TRUE(is_said("destination.in-use"));
}

TEST_F(RollbackPlanner, ReturnsWhatARunTookToTheVolumeAndLeavesWhatWasThere)
{
    given_entry("before");
    given_entry("unknown");
    aim.earlier = Earlier{3, {{"redis", {false, "f", {}}}, {"before", {true, "", {}}}}};
    EXPECT_EQ(planned("redis").decision, Decision::roll_back);
    EXPECT_EQ(planned("before").decision, Decision::in_place);
    EXPECT_EQ(planned("unknown").decision, Decision::in_place);
    EXPECT_TRUE(plan.findings.empty());
}

TEST_F(RollbackPlanner, SaysWhatHasChangedSince)
{
    aim.earlier = Earlier{3, {{"redis", {false, "another", {}}}}};
    (void)planned();
    EXPECT_TRUE(is_said("rollback.newer"));
    aim.earlier->entries["redis"].displaced = {"20261121T020635Z-redis"};
    (void)planned();
    EXPECT_TRUE(is_said("rollback.in-parts"));
    returns["redis"].displaced = "20261121T020635Z-redis";
    EXPECT_THAT(planned().reason, HasSubstr("the displaced content goes back"));
    EXPECT_TRUE(is_said("rollback.returned"));
}

TEST_F(RollbackPlanner, DoesNotTakeToTheVolumeWhatWasThereBefore)
{
    given(OriginState::directory, DestinationState::populated);
    aim.earlier = Earlier{3, {{"redis", {true, "", {}}}}};
    expect_left_alone("rollback.on-volume", Severity::note);
}

TEST_F(RollbackPlanner, WarnsOfWhatIsDeletedWithTheContainer)
{
    given_entry("kept");
    (void)planned();
    EXPECT_FALSE(is_said("rollback.container-layer"));
    returns["redis"].filesystem.kind = FilesystemClass::overlay;
    EXPECT_EQ(planned().decision, Decision::roll_back);
    const auto said = std::ranges::find(plan.findings, std::string("rollback.container-layer"), &Finding::code);
    ASSERT_NE(said, plan.findings.end());
    EXPECT_EQ(said->severity, Severity::warning);
    EXPECT_EQ(said->subject, "redis");
    given(OriginState::directory, DestinationState::populated);  // it stays where it is
    (void)planned("kept");
    EXPECT_FALSE(is_said("rollback.container-layer"));
}

TEST_F(RollbackPlanner, LeavesAnOriginOnAReadOnlyFilesystemAlone)
{
    returns["redis"].filesystem.read_only = true;
    expect_left_alone("origin.read-only", Severity::error);
}

TEST_F(RollbackPlanner, DoesNotTakeAHalfFilledDestinationForWhole)
{
    given(OriginState::absent, DestinationState::populated);
    survey.ledger->entries["redis"].phase = Phase::publishing;
    expect_left_alone("destination.unfinished", Severity::error);
}

TEST_F(RollbackPlanner, TakesTheSmallestFirstOnEachFilesystem)
{
    given_entry("clamav");
    given_entry("elsewhere");
    for (auto& [name, way] : returns) way.filesystem.free_bytes = survey.volume.headroom + 5'000;
    returns["clamav"].size.bytes = 4'000;
    returns["redis"].size.bytes = 3'000;
    returns["elsewhere"].size.bytes = 5'000;
    returns["elsewhere"].device = 2;
    EXPECT_EQ(planned("redis").decision, Decision::roll_back);
    EXPECT_EQ(planned("clamav").decision, Decision::leave_alone);
    EXPECT_EQ(planned("clamav").code, "origin.no-space");
    EXPECT_EQ(planned("elsewhere").decision, Decision::roll_back);
}

TEST_F(RollbackPlanner, CountsInodesToo)
{
    returns["redis"].filesystem.free_inodes = 3;  // three files and a directory
    expect_left_alone("origin.no-space", Severity::error);
    returns["redis"].filesystem.free_inodes = 4;
    EXPECT_EQ(planned().decision, Decision::roll_back);
}

TEST_F(RollbackPlanner, IsBlockedWhereTheImageHasOtherNumbers)
{
    survey.ledger->identities->users["redis"] = Uid{101};
    survey.identities.users["redis"] = Uid{105};
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "rollback.renumbered");
    EXPECT_TRUE(plan.blocked);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(RollbackPlanner, IsBlockedWithoutTheVolume)
{
    survey.volume.state = VolumeState::absent;
    given(OriginState::link_home, DestinationState::absent);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
}

TEST_F(RollbackPlanner, ReturnsOnlyWhatIsAskedFor)
{
    given_entry("clamav");
    options.only = {"clamav"};
    (void)planned("clamav");
    EXPECT_EQ(plan.entries.size(), 1U);
}

}  // namespace
