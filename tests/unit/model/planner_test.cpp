// SPDX-License-Identifier: MIT
// The decision table, one test a row: links, absent origins, directories and files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/model/planner_world.hpp"

using namespace mailstate;

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

TEST_F(Planner, TakesABindMountOfTheDestinationForInPlace)
{
    given(OriginState::same_as_destination, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
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
