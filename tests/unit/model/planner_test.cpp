// SPDX-License-Identifier: MIT
// The decision table, one test a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mailstate/plan.hpp"
#include "model/planning.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

constexpr std::uint64_t gibibyte = 1U << 30U;

class Planner : public ::testing::Test {
protected:
    Planner()
    {
        layout.name = "test";
        layout.state_dir = "/var/mail-state";
        given_entry("redis", Kind::directory);
        survey.volume.state = VolumeState::present;
        survey.volume.mounted = true;
        survey.volume.filesystem.free_bytes = gibibyte;
        survey.volume.filesystem.free_inodes = 100'000;
        survey.ledger = Ledger{};
        survey.ledger->layout_name = "test";
        survey.ledger->layout_version = 1;
        survey.ledger->identities = Identities{};
        survey.ledger->volume = volume_identity(survey.volume.filesystem, survey.process);
    }

    void given_entry(const std::string& name, Kind kind)
    {
        Entry entry;
        entry.name = name;
        entry.origin = "/var/lib/" + name;
        entry.destination = "lib-" + name;
        entry.kind = kind;
        layout.entries.push_back(entry);
        survey.gates[name].open = true;
        survey.entries[name] = {};
    }

    EntrySurvey& given(OriginState origin, DestinationState destination, const std::string& name = "redis")
    {
        EntrySurvey& seen = survey.entries[name];
        seen.origin = origin;
        seen.destination = destination;
        if (origin == OriginState::directory || origin == OriginState::file)
            seen.size = TreeSize{3, 1, 8192, "f", 4096};
        if (destination == DestinationState::other) seen.destination_kind = "file";
        return seen;
    }

    void given_mount(OriginState origin)
    {
        given(origin, DestinationState::absent).mounts = {{"/var/lib/redis", "ext4", "/dev/sda1", "/srv/redis"}};
    }

    void given_rolled_back(const std::string& ledger, const std::string& beside)
    {
        survey.ledger->entries["redis"].phase = Phase::rolled_back;
        survey.ledger->entries["redis"].rollback = ledger;
        survey.entries["redis"].rollback_record = beside;
    }

    PlanEntry planned(const std::string& name = "redis")
    {
        plan = make_plan(survey, layout, options);
        const auto is_it = [&](const PlanEntry& entry) { return entry.name == name; };
        return *std::find_if(plan.entries.begin(), plan.entries.end(), is_it);
    }

    const Finding* finding(const std::string& code)
    {
        const auto is_it = [&](const Finding& found) { return found.code == code; };
        const auto found = std::find_if(plan.findings.begin(), plan.findings.end(), is_it);
        return found == plan.findings.end() ? nullptr : &*found;
    }

    Layout layout;
    Survey survey;
    PlanOptions options;
    Plan plan;
};

TEST_F(Planner, KeepsALinkThatAlreadyPointsHome)
{
    given(OriginState::link_home, DestinationState::populated);
    survey.ledger->entries["redis"].phase = Phase::linked;
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(planned().ownership);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(Planner, RecordsALinkThatTheLedgerDoesNotKnow)
{
    given(OriginState::link_home, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(plan.record);
    EXPECT_TRUE(has_changes(plan));
}

TEST_F(Planner, RestoresADestinationThatALinkPointsTo)
{
    given(OriginState::link_home, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::restore);
    ASSERT_NE(finding("destination-lost"), nullptr);
    EXPECT_EQ(finding("destination-lost")->severity, Severity::warning);
}

TEST_F(Planner, LinksAnAbsentOriginToAPresentDestination)
{
    given(OriginState::absent, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::link);
}

TEST_F(Planner, MakesWhatIsOnNeitherSideAndNeverADanglingLink)
{
    given(OriginState::absent, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::create);
    EXPECT_NE(finding("origin-missing"), nullptr);
}

TEST_F(Planner, DoesNotInventAFileThatIsOnNeitherSide)
{
    given_entry("secret", Kind::regular);
    given(OriginState::absent, DestinationState::absent, "secret");
    EXPECT_EQ(planned("secret").decision, Decision::leave_alone);
}

TEST_F(Planner, MovesADirectoryToAnAbsentDestination)
{
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_EQ(planned().files, 3U);
    EXPECT_EQ(planned().bytes, 4096U);
}

TEST_F(Planner, DoesNotTakeAnEmptyDestinationForComplete)
{
    given(OriginState::directory, DestinationState::empty);
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, MovesAFile)
{
    given_entry("secret", Kind::regular);
    given(OriginState::file, DestinationState::empty, "secret");
    EXPECT_EQ(planned("secret").decision, Decision::move);
}

TEST_F(Planner, KeepsAPopulatedDestination)
{
    given(OriginState::directory, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::keep_destination);
}

TEST_F(Planner, FinishesADestinationThatWasBeingPublished)
{
    given(OriginState::directory, DestinationState::populated);
    survey.ledger->entries["redis"].phase = Phase::publishing;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, MovesAgainWhatWasRolledBackHereSinceItIsNewer)
{
    given(OriginState::directory, DestinationState::populated);
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_EQ(planned().bytes, 4096U);
    EXPECT_THAT(planned().reason, HasSubstr("rolled back; where it was used since"));
    EXPECT_EQ(finding("entry.rolled-back-elsewhere"), nullptr);
}

TEST_F(Planner, KeepsTheDestinationOfWhatWasRolledBackInAnotherContainerAndSaysSo)
{
    given(OriginState::directory, DestinationState::populated);
    for (const char* record : {"", "another run"}) {
        given_rolled_back("run", record);
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        ASSERT_NE(finding("entry.rolled-back-elsewhere"), nullptr);
        EXPECT_EQ(finding("entry.rolled-back-elsewhere")->severity, Severity::warning);
    }
}

TEST_F(Planner, DoesNotTrustARecordThatTheLedgerDoesNotKnow)
{
    given(OriginState::directory, DestinationState::populated).rollback_record = "run";
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    survey.ledger->entries["redis"].phase = Phase::rolled_back;  // without a name of its own
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    survey.entries["redis"].rollback_record = "";
    EXPECT_EQ(planned().decision, Decision::keep_destination);
}

TEST_F(Planner, MovesWhatWasRolledBackToADestinationThatIsGone)
{
    given(OriginState::directory, DestinationState::absent);
    given_rolled_back("run", "");
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, LeavesARolledBackOriginAloneWhoseDestinationCannotBeSetAside)
{
    given(OriginState::directory, DestinationState::populated).destination_mount = true;
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "destination.outdated");
    EXPECT_FALSE(planned().ownership);
}

TEST_F(Planner, TakesALinkForInPlaceWhateverACutOffRollBackHasLeft)
{
    given(OriginState::link_home, DestinationState::populated).rollback_leftover = true;
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::in_place);
    EXPECT_TRUE(planned().clear_leftover);
    EXPECT_TRUE(plan.record);
}

TEST_F(Planner, LeavesAMountPointAloneAndNamesItsSource)
{
    given_mount(OriginState::mount_point);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_FALSE(planned().ownership);
    ASSERT_NE(finding("origin.mounted"), nullptr);
    EXPECT_THAT(finding("origin.mounted")->message, HasSubstr("ext4 /dev/sda1 (subtree /srv/redis)"));
    EXPECT_THAT(finding("origin.mounted")->hint, HasSubstr("/srv/redis:/var/lib/redis"));
    EXPECT_FALSE(has_changes(plan) && !plan.record);
}

TEST_F(Planner, LeavesADirectoryWithMountsBelowAlone)
{
    given_mount(OriginState::mounts_below);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("origin.mounts-below"), nullptr);
}

TEST_F(Planner, NamesADockerVolumeInTheHint)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].mounts[0].subtree = "/var/lib/docker/volumes/redis-data/_data";
    (void)planned();
    EXPECT_THAT(finding("origin.mounted")->hint, HasSubstr("'- redis-data:/var/lib/redis'"));
}

TEST_F(Planner, OwnsAMountInPlaceOnlyWhenTold)
{
    given_mount(OriginState::mount_point);
    layout.entries[0].in_place = true;
    EXPECT_TRUE(planned().ownership);
    layout.entries[0].in_place = false;
    options.in_place = true;
    EXPECT_TRUE(planned().ownership);
}

TEST_F(Planner, AdoptsAMountWhenAsked)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].size = TreeSize{2, 1, 10, "a"};
    options.adopt_mounts = true;
    EXPECT_EQ(planned().decision, Decision::adopt);
}

TEST_F(Planner, RefreshesAnAdoptedMountThatHasChanged)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].size = TreeSize{2, 1, 10, "new"};
    survey.entries["redis"].destination = DestinationState::populated;
    survey.ledger->entries["redis"].phase = Phase::adopted;
    survey.ledger->entries["redis"].fingerprint = "old";
    EXPECT_EQ(planned().decision, Decision::refresh);
    survey.ledger->entries["redis"].fingerprint = "new";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "origin.adopted");
}

TEST_F(Planner, TakesABindMountOfTheDestinationForInPlace)
{
    given(OriginState::same_as_destination, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
}

TEST_F(Planner, LeavesALinkElsewhereAlone)
{
    given(OriginState::link_elsewhere, DestinationState::absent).link_text = "/srv/redis";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_THAT(planned().reason, HasSubstr("/srv/redis"));
}

TEST_F(Planner, LeavesAnotherKindAlone)
{
    given(OriginState::other, DestinationState::absent).other_kind = "fifo";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(Planner, RefusesADestinationThatIsALink)
{
    given(OriginState::directory, DestinationState::link);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(finding("destination.link")->severity, Severity::error);
}

TEST_F(Planner, RefusesADestinationOfAnotherKind)
{
    given(OriginState::directory, DestinationState::other);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(Planner, StagesInADestinationThatIsAMountOfItsOwn)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::empty);
    seen.destination_mount = true;
    seen.destination_filesystem.free_bytes = 1'000'000'000;
    seen.destination_filesystem.free_inodes = 1000;
    EXPECT_EQ(planned().decision, Decision::move);
    survey.volume.filesystem.free_bytes = 0;  // is none of its business
    EXPECT_EQ(planned().decision, Decision::move);
    seen.destination_filesystem.free_bytes = survey.volume.headroom + 8191;
    EXPECT_EQ(planned().code, "volume.no-space");
}

TEST_F(Planner, LeavesAnEntryAloneWhoseNeedsTheVolumeLacks)
{
    given(OriginState::directory, DestinationState::absent);
    layout.entries[0].needs = {"chown", "fifo"};
    survey.volume.capabilities = {{"chown", "no (EPERM)"}, {"fifo", "yes"}};
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "volume.lacks-chown");
    survey.volume.capabilities["chown"] = "lies";
    EXPECT_EQ(planned().code, "volume.lacks-chown");
    survey.volume.capabilities["chown"] = "yes";
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, TakesTheSmallestFirstWhereSpaceIsShort)
{
    given_entry("clamav", Kind::directory);
    given(OriginState::directory, DestinationState::absent, "clamav").size = TreeSize{1, 1, 900'000'000, "c"};
    given(OriginState::directory, DestinationState::absent).size = TreeSize{1, 1, 5'000'000, "r"};
    survey.volume.filesystem.free_bytes = 600'000'000;
    EXPECT_EQ(planned("redis").decision, Decision::move);
    EXPECT_EQ(planned("clamav").decision, Decision::leave_alone);
    EXPECT_EQ(planned("clamav").code, "volume.no-space");
}

TEST_F(Planner, LeavesTheHeadroomOfPostfixFree)
{
    given(OriginState::directory, DestinationState::absent).size = TreeSize{1, 1, 1'000'000, "r"};
    survey.volume.filesystem.free_bytes = survey.volume.headroom + 999'999;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    survey.volume.filesystem.free_bytes = survey.volume.headroom + 1'000'000;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, CountsInodesToo)
{
    given(OriginState::directory, DestinationState::absent).size = TreeSize{10, 5, 10, "r"};
    survey.volume.filesystem.free_inodes = 14;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(Planner, HasNothingToDoWithoutAStateDirectory)
{
    survey.volume.state = VolumeState::absent;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.nothing_to_do);
    EXPECT_FALSE(plan.blocked);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(Planner, IsBlockedWhereLinksPointIntoAnAbsentStateDirectory)
{
    survey.volume.state = VolumeState::absent;
    given(OriginState::link_home, DestinationState::absent);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
    ASSERT_NE(finding("volume-missing"), nullptr);
    EXPECT_EQ(finding("volume-missing")->severity, Severity::error);
}

TEST_F(Planner, IsBlockedWhereLinksDangleAndNothingIsMounted)
{
    survey.volume.mounted = false;
    given(OriginState::link_home, DestinationState::absent);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
}

TEST_F(Planner, LeavesAllAloneWhereTheStateDirectoryIsNoMount)
{
    survey.volume.mounted = false;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("volume.not-mounted"), nullptr);
    EXPECT_FALSE(has_changes(plan));
    options.allow_unmounted = true;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, LeavesAllAloneWhereTheStateDirectoryIsReadOnly)
{
    survey.volume.filesystem.read_only = true;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("volume.read-only"), nullptr);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(Planner, MakesNoLinkWhereNoneIsWanted)
{
    options.no_link = true;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::prepare);
    EXPECT_TRUE(planned().ownership);
    given(OriginState::absent, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::prepare);
    given(OriginState::directory, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::keep_unlinked);
    EXPECT_TRUE(plan.record) << "the ledger does not know the destination";
    for (const Phase phase : {Phase::published, Phase::linked}) {
        survey.ledger->entries["redis"].phase = phase;
        for (const OriginState origin : {OriginState::directory, OriginState::absent})
            for (const DestinationState destination : {DestinationState::populated, DestinationState::empty}) {
                given(origin, destination);
                EXPECT_EQ(planned().decision, Decision::keep_unlinked);
                EXPECT_TRUE(planned().ownership);
                EXPECT_FALSE(has_changes(plan));
            }
    }
    given(OriginState::link_home, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
}

TEST_F(Planner, LeavesAloneWithoutALinkWhatWasRolledBackHere)
{
    options.no_link = true;
    given(OriginState::directory, DestinationState::populated);
    given_rolled_back("a record", "a record");
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("origin.rolled-back"), nullptr);
}

TEST_F(Planner, OwnsInPlaceWithoutAStateDirectory)
{
    layout.entries.front().in_place = true;
    given_mount(OriginState::mount_point);
    survey.volume.state = VolumeState::absent;
    survey.ledger.reset();
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(planned().ownership);
    EXPECT_FALSE(plan.nothing_to_do);
    EXPECT_FALSE(has_changes(plan));
    ASSERT_NE(finding("origin.in-place"), nullptr);
    EXPECT_EQ(finding("origin.in-place")->severity, Severity::note);
}

TEST_F(Planner, PreparesTheDestinationOfAReadOnlyOrigin)
{
    given(OriginState::directory, DestinationState::absent).origin_read_only = true;
    EXPECT_EQ(planned().decision, Decision::prepare);
    EXPECT_NE(finding("origin.read-only"), nullptr);
    given(OriginState::directory, DestinationState::populated).origin_read_only = true;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(Planner, RemovesOnlyTheInnerOfANestedLink)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].nested_link_in_origin = true;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(planned().remove_nested_link);
    EXPECT_TRUE(has_changes(plan));
}

TEST_F(Planner, LeavesAnOriginInUseAlone)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::absent);
    seen.origin_in_use = true;
    seen.in_use_by = "redis-server (process 12)";
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_THAT(planned().reason, HasSubstr("redis-server (process 12)"));
}

TEST_F(Planner, PassesOverADisabledEntry)
{
    survey.gates["redis"] = {false, "ENABLE_REDIS is 0", {}};
    survey.entries.erase("redis");
    EXPECT_EQ(planned().decision, Decision::disabled);
    EXPECT_EQ(planned().reason, "ENABLE_REDIS is 0");
}

TEST_F(Planner, IsBlockedByALedgerOfANewerVersion)
{
    survey.ledger_newer = true;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
}

TEST_F(Planner, IsBlockedByAWorkspaceThatIsNotOurs)
{
    survey.volume.workspace_problem = "the workspace is a link, not a directory";
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
}

TEST_F(Planner, PlansOnlyWhatIsAskedFor)
{
    given_entry("clamav", Kind::directory);
    options.only = {"clamav"};
    (void)planned("clamav");
    ASSERT_EQ(plan.entries.size(), 1U);
    EXPECT_EQ(plan.entries[0].name, "clamav");
}

TEST_F(Planner, RenumbersWhenAnImageGivesANameAnotherNumber)
{
    given(OriginState::link_home, DestinationState::populated);
    survey.ledger->entries["redis"].phase = Phase::linked;
    survey.ledger->identities->users["redis"] = Uid{101};
    survey.identities.users["redis"] = Uid{105};
    (void)planned();
    EXPECT_TRUE(plan.renumber);
    EXPECT_TRUE(has_changes(plan));
}

}  // namespace
