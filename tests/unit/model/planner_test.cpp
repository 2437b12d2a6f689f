// SPDX-License-Identifier: MIT
// The decision table, one test a row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/model/planner_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

using Planner = PlannerWorld;

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
    ASSERT_NE(finding("destination.lost"), nullptr);
    EXPECT_EQ(finding("destination.lost")->severity, Severity::warning);
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
    EXPECT_NE(finding("origin.missing"), nullptr);
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
    EXPECT_EQ(planned().amount.files, 3U);
    EXPECT_EQ(planned().amount.bytes, 4096U);
}

TEST_F(Planner, RenamesWithinOneFilesystemWhichNeedsNoSpace)
{
    given(OriginState::directory, DestinationState::absent).exchangeable = true;
    survey.volume.filesystem.free_bytes = 0;
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_TRUE(planned().exchange);
    EXPECT_THAT(planned().reason, testing::HasSubstr("one filesystem"));
    options.no_link = true;
    EXPECT_FALSE(planned().exchange);
}

// Two runs that exchange the same names would undo each other's work.
TEST_F(Planner, CopiesWithinOneFilesystemWhereNothingExcludesAnotherRun)
{
    given(OriginState::directory, DestinationState::absent).exchangeable = true;
    survey.volume.capabilities.tested[Ability::lock] = refused(ENOLCK);
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_FALSE(planned().exchange);
}

TEST_F(Planner, DoesNotTakeAnEmptyDestinationForComplete)
{
    given(OriginState::directory, DestinationState::empty);
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, DoesNotCopyAgainWhatTheVolumeCouldNotKeepUntilOneOfTheTwoIsAnother)
{
    given(OriginState::directory, DestinationState::absent);
    const std::string volume = volume_identity(survey.volume.filesystem, survey.process);
    const NotKept known{volume, survey.entries["redis"].size->fingerprint, "the volume cannot keep a hard link"};
    survey.ledger->not_kept["redis"] = known;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "copy.not-kept");
    EXPECT_EQ(planned().reason, known.what);
    ASSERT_NE(finding("copy.not-kept"), nullptr);
    EXPECT_EQ(finding("copy.not-kept")->severity, Severity::error);
    survey.ledger->not_kept["redis"].is_sure = false;
    EXPECT_EQ(planned().decision, Decision::move);
    survey.ledger->not_kept["redis"] = known;
    survey.ledger->not_kept["redis"].fingerprint += "another";
    EXPECT_EQ(planned().decision, Decision::move);
    survey.ledger->not_kept["redis"] = {volume + "another", known.fingerprint, known.what};
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, SaysThatWhatTheLedgerKnowsIsGoneFromTheVolume)
{
    given(OriginState::directory, DestinationState::absent);
    survey.ledger->entries["redis"].phase = Phase::linked;
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_TRUE(finding("destination.lost"));
    survey.ledger->entries["redis"].phase = Phase::published;  // a move that was cut off
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_FALSE(finding("destination.lost"));
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
    given(OriginState::directory, DestinationState::populated).publishing = true;
    survey.ledger->entries["redis"].phase = Phase::publishing;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(Planner, BelievesNoLedgerThatADestinationWithoutItsStagingIsBeingPublished)
{
    given(OriginState::directory, DestinationState::populated);
    survey.ledger->entries["redis"].phase = Phase::publishing;
    EXPECT_EQ(planned().decision, Decision::keep_destination);
}

TEST_F(Planner, MovesAgainWhatWasRolledBackHereSinceItIsNewer)
{
    given(OriginState::directory, DestinationState::populated);
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_EQ(planned().amount.bytes, 4096U);
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

TEST_F(Planner, MovesAnOriginOverAnInterruptedCopyOfIt)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    seen.foreign_copy = ForeignCopy{Likeness::interrupted, "dump.rdb ends after 1 B of 2 B", 1, {1, 1, 4096, "g", 9}};
    EXPECT_EQ(planned().decision, Decision::move);
    ASSERT_NE(finding("entry.interrupted-copy"), nullptr);
    EXPECT_EQ(finding("entry.interrupted-copy")->severity, Severity::warning);
    EXPECT_THAT(finding("entry.interrupted-copy")->message, HasSubstr("dump.rdb ends after"));
}

TEST_F(Planner, KeepsAnInterruptedCopyThatCannotBeSetAside)
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

TEST_F(Planner, CopiesOrSetsAsideWhatAnotherRootHasAndMakesNoLink)
{
    options.no_link = true;
    options.from_root = "/old";
    EntrySurvey& seen = given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::prepare);
    seen.destination = DestinationState::empty;  // the new container has started, and has written nothing
    survey.ledger->entries["redis"].phase = Phase::linked;
    EXPECT_EQ(planned().decision, Decision::prepare);
    seen.size = TreeSize{0, 1, 4096, "g", 0};
    EXPECT_EQ(planned().decision, Decision::keep_unlinked);
    seen.destination = DestinationState::populated;
    EXPECT_EQ(planned().decision, Decision::set_aside);
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::set_aside);
    seen.origin_in_use = true;
    EXPECT_EQ(planned().code, "origin.in-use");
    seen.origin_in_use = false;
    seen.origin = OriginState::absent;
    EXPECT_EQ(planned().code, "origin.missing");
    seen.origin = OriginState::link_home;
    EXPECT_EQ(planned().decision, Decision::in_place);
    seen.destination = DestinationState::absent;
    EXPECT_EQ(planned().code, "destination.lost");
}

TEST_F(Planner, KeepsAPartOfTheOriginWithAnErrorThatGivesBothSizes)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    seen.foreign_copy = ForeignCopy{Likeness::partial, "", 2, {1, 1, 4096, "g", 9}};
    EXPECT_EQ(planned().decision, Decision::keep_destination);
    ASSERT_NE(finding("entry.partial-destination"), nullptr);
    EXPECT_EQ(finding("entry.partial-destination")->severity, Severity::error);
    EXPECT_THAT(finding("entry.partial-destination")->message,
                HasSubstr("1 file (9 B) of the origin's 3 files (4.0 KiB)"));
}

TEST_F(Planner, KeepsAnyOtherDestinationWithoutAWord)
{
    EntrySurvey& seen = given(OriginState::directory, DestinationState::populated);
    for (const Likeness likeness : {Likeness::different, Likeness::equal}) {
        seen.foreign_copy = ForeignCopy{likeness, "", 0, {}};
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        EXPECT_TRUE(plan.findings.empty());
    }
}

TEST_F(Planner, LeavesARolledBackOriginAloneWhoseDestinationCannotBeSetAside)
{
    given(OriginState::directory, DestinationState::populated).destination_mount = true;
    given_rolled_back("run", "run");
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "destination.outdated");
    EXPECT_FALSE(planned().ownership);
    survey.entries["redis"].as_rolled_back = true;
    EXPECT_EQ(planned().decision, Decision::keep_destination);
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
    survey.ledger->entries["redis"].fingerprint = survey.entries["redis"].copy_fingerprint = "old";
    EXPECT_EQ(planned().decision, Decision::refresh);
    survey.ledger->entries["redis"].fingerprint = survey.entries["redis"].copy_fingerprint = "new";
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

TEST_F(Planner, SaysWhatToDoAboutALinkToItself)
{
    for (const char* text : {"redis", "./redis", "/var/lib/redis"}) {
        given(OriginState::link_elsewhere, DestinationState::absent).link_text = text;
        EXPECT_EQ(planned().code, "origin.link-loop") << text;
        EXPECT_THAT(finding("origin.link-loop")->hint, HasSubstr("'rm /var/lib/redis'"));
    }
}

TEST_F(Planner, NamesTheLinkOnTheWayToADestination)
{
    given(OriginState::directory, DestinationState::link).destination_link = "/var/mail-state/etc";
    EXPECT_EQ(planned().code, "destination.link");
    EXPECT_THAT(finding("destination.link")->hint, HasSubstr("/var/mail-state/etc by the directory"));
}

TEST_F(Planner, GivesTheRemedyForWhatCannotBeRead)
{
    EntrySurvey& seen = given(OriginState::unreadable, DestinationState::absent);
    for (const auto& [number, remedy] : std::map<int, const char*>{
             {EACCES, "DAC_OVERRIDE"}, {EMFILE, "ulimit"}, {ENOTCONN, "FUSE"}, {EXDEV, "mount"}}) {
        seen.problem_number = number;
        EXPECT_EQ(planned().code, "entry.unreadable");
        EXPECT_THAT(finding("entry.unreadable")->hint, HasSubstr(remedy));
    }
}

TEST_F(Planner, WarnsOfContentWhoseOriginHasNoDirectory)
{
    given(OriginState::parent_missing, DestinationState::absent);
    EXPECT_EQ(planned().code, "origin.parent-missing");
    EXPECT_EQ(finding("origin.parent-missing")->severity, Severity::note);
    given(OriginState::parent_missing, DestinationState::populated);
    (void)planned();
    EXPECT_EQ(finding("origin.parent-missing")->severity, Severity::warning);
}

TEST_F(Planner, RemovesOnlyTheInnerOfANestedLink)
{
    given_mount(OriginState::mount_point);
    survey.entries["redis"].nested_link_in_origin = true;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(planned().remove_nested_link);
    EXPECT_EQ(finding("entry.nested-link")->message, "/var/lib/redis contains a link to the destination");
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
