// SPDX-License-Identifier: MIT
// What the volume is, holds and can do, and what that means for all entries.
#include <gmock/gmock.h>

#include <cerrno>

#include "unit/model/planner_world.hpp"

using namespace mailstate;

namespace {

using PlanOfVolume = PlannerWorld;

TEST_F(PlanOfVolume, LeavesAnEntryAloneWhoseNeedsTheVolumeLacks)
{
    given(OriginState::directory, DestinationState::absent);
    layout.entries[0].needs = {Ability::chown, Ability::fifo};
    survey.volume.capabilities.tested = {{Ability::chown, refused(EPERM)}, {Ability::fifo, can}};
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_EQ(planned().code, "volume.lacks-chown");
    EXPECT_THAT(planned().reason, testing::Not(testing::HasSubstr("seccomp")));
    survey.process.refused_calls = {"mknodat", "statx"};
    EXPECT_THAT(planned().reason, testing::EndsWith("; a seccomp profile refuses mknodat, statx"));
    survey.volume.capabilities.tested[Ability::chown] = {Verdict::without_effect, 0};
    EXPECT_EQ(planned().code, "volume.lacks-chown");
    survey.volume.capabilities.tested[Ability::chown] = can;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(PlanOfVolume, LeavesAnOriginAloneThatTheProcessCannotEmpty)
{
    for (const DestinationState destination : {DestinationState::absent, DestinationState::populated}) {
        given(OriginState::directory, destination).size->unchangeable = "sub";
        survey.process.effective_capabilities = 0;
        EXPECT_EQ(planned().decision, Decision::leave_alone);
        EXPECT_EQ(planned().code, "process.capability");
        EXPECT_FALSE(planned().ownership);
        EXPECT_THAT(finding("process.capability")->message, testing::HasSubstr("/var/lib/redis/sub"));
        survey.process.effective_capabilities = ~std::uint64_t{0};  // an owner outside of the user namespace
        EXPECT_EQ(planned().code, "origin.not-ours");
        survey.process.uid = Uid{1000};
        EXPECT_EQ(planned().code, "process.not-root");
        survey.process.uid = Uid{0};
        survey.entries["redis"].exchangeable = true;  // only the root's name is taken away then
        EXPECT_EQ(planned().decision, destination == DestinationState::absent ? Decision::move : Decision::leave_alone);
        survey.entries["redis"].exchangeable = false;
    }
    given(OriginState::link_home, DestinationState::populated);
    EXPECT_EQ(planned().decision, Decision::in_place);
}

TEST_F(PlanOfVolume, TakesTheSmallestFirstWhereSpaceIsShort)
{
    given_entry("clamav", Kind::directory);
    given(OriginState::directory, DestinationState::absent, "clamav").size = TreeSize{1, 1, 900'000'000, "c"};
    given(OriginState::directory, DestinationState::absent).size = TreeSize{1, 1, 5'000'000, "r"};
    survey.volume.filesystem.free_bytes = 600'000'000;
    EXPECT_EQ(planned("redis").decision, Decision::move);
    EXPECT_EQ(planned("clamav").decision, Decision::leave_alone);
    EXPECT_EQ(planned("clamav").code, "volume.no-space");
}

TEST_F(PlanOfVolume, TakesTheHeaviestFirstWhereSpaceIsShort)
{
    given_entry("clamav", Kind::directory);
    given(OriginState::directory, DestinationState::absent, "clamav").size = TreeSize{1, 1, 300'000'000, "c"};
    given(OriginState::directory, DestinationState::absent).size = TreeSize{1, 1, 400'000'000, "r"};
    survey.volume.filesystem.free_bytes = survey.volume.headroom + 500'000'000;
    EXPECT_EQ(planned("clamav").decision, Decision::move);
    EXPECT_EQ(planned("redis").decision, Decision::leave_alone);
    layout.entries[0].weight = 1;  // redis
    EXPECT_EQ(planned("redis").decision, Decision::move);
    EXPECT_EQ(planned("clamav").code, "volume.no-space");
}

TEST_F(PlanOfVolume, LeavesTheHeadroomOfPostfixFree)
{
    given(OriginState::directory, DestinationState::absent).size = TreeSize{1, 1, 1'000'000, "r"};
    survey.volume.filesystem.free_bytes = survey.volume.headroom + 999'999;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    survey.volume.filesystem.free_bytes = survey.volume.headroom + 1'000'000;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(PlanOfVolume, WarnsOfAnOverlayThatNeverSyncs)
{
    given(OriginState::directory, DestinationState::absent);
    survey.volume.filesystem.type = "overlay";
    survey.volume.filesystem.options = "rw,lowerdir=/a,upperdir=/b,workdir=/c,volatile";
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_NE(finding("volume.volatile"), nullptr);
    survey.volume.filesystem.options = "rw,lowerdir=/a,upperdir=/b,workdir=/c";
    EXPECT_EQ(planned().decision, Decision::move);
    EXPECT_EQ(finding("volume.volatile"), nullptr);
}

TEST_F(PlanOfVolume, CountsInodesToo)
{
    given(OriginState::directory, DestinationState::absent).size = TreeSize{10, 5, 10, "r"};
    survey.volume.filesystem.free_inodes = 14;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(PlanOfVolume, MovesToAVolumeThatDoesNotCountItsBlocks)
{
    given(OriginState::directory, DestinationState::absent).size = TreeSize{10, 5, 1'000'000'000'000, "r"};
    survey.volume.filesystem.free_bytes = survey.volume.filesystem.free_inodes =
        std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(PlanOfVolume, HasNothingToDoWithoutAStateDirectory)
{
    survey.volume.state = VolumeState::absent;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.nothing_to_do);
    EXPECT_FALSE(plan.blocked);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(PlanOfVolume, IsBlockedWhereLinksPointIntoAnAbsentStateDirectory)
{
    survey.volume.state = VolumeState::absent;
    given(OriginState::link_home, DestinationState::absent);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
    ASSERT_NE(finding("volume.missing"), nullptr);
    EXPECT_EQ(finding("volume.missing")->severity, Severity::error);
}

TEST_F(PlanOfVolume, IsBlockedWhereLinksDangleAndNothingIsMounted)
{
    survey.volume.mounted = false;
    given(OriginState::link_home, DestinationState::absent);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
}

TEST_F(PlanOfVolume, LeavesAllAloneWhereTheStateDirectoryIsNoMount)
{
    survey.volume.mounted = false;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("volume.not-mounted"), nullptr);
    EXPECT_FALSE(has_changes(plan));
    options.allow_unmounted = true;
    EXPECT_EQ(planned().decision, Decision::move);
}

TEST_F(PlanOfVolume, LeavesAllAloneWhereTheStateDirectoryIsReadOnly)
{
    survey.volume.filesystem.read_only = true;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("volume.read-only"), nullptr);
    EXPECT_FALSE(has_changes(plan));
}

TEST_F(PlanOfVolume, MakesNoLinkWhereNoneIsWanted)
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

TEST_F(PlanOfVolume, LeavesAloneWithoutALinkWhatWasRolledBackHere)
{
    options.no_link = true;
    given(OriginState::directory, DestinationState::populated);
    given_rolled_back("a record", "a record");
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_NE(finding("origin.rolled-back"), nullptr);
}

TEST_F(PlanOfVolume, OwnsInPlaceWithoutAStateDirectory)
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

// mailcow and Mailu have a container for each service: this one has redis, and a look at a directory of another's.
TEST_F(PlanOfVolume, LeavesOutEntriesOfOtherContainers)
{
    given_entry("queue", Kind::directory);
    given_entry("rspamd", Kind::directory);
    for (Entry& entry : layout.entries) entry.in_place = true;
    layout.entries.back().ownership.push_back({"**", "_rspamd", "_rspamd", std::nullopt, false, std::nullopt});
    given_mount(OriginState::mount_point);
    given(OriginState::mount_point, DestinationState::absent, "rspamd").mounts = {
        {"/var/lib/rspamd", "ext4", "/dev/sda1", "/srv/rspamd"}};
    given(OriginState::absent, DestinationState::absent, "queue");
    survey.volume.state = VolumeState::absent;
    survey.ledger.reset();
    EXPECT_TRUE(planned().ownership);
    EXPECT_EQ(plan.entries.size(), 1U);
    EXPECT_EQ(plan.findings.size(), 1U);

    options.only = {"rspamd"};  // asked for
    EXPECT_EQ(planned("rspamd").decision, Decision::leave_alone);
}

TEST_F(PlanOfVolume, PreparesTheDestinationOfAReadOnlyOrigin)
{
    given(OriginState::directory, DestinationState::absent).origin_read_only = true;
    EXPECT_EQ(planned().decision, Decision::prepare);
    EXPECT_NE(finding("origin.read-only"), nullptr);
    given(OriginState::directory, DestinationState::populated).origin_read_only = true;
    EXPECT_EQ(planned().decision, Decision::leave_alone);
}

TEST_F(PlanOfVolume, IsBlockedByALedgerOfANewerVersion)
{
    survey.ledger_newer = true;
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
}

TEST_F(PlanOfVolume, IsBlockedByAWorkspaceThatIsNotOurs)
{
    survey.volume.workspace_problem = "the workspace is a link, not a directory";
    given(OriginState::directory, DestinationState::absent);
    EXPECT_EQ(planned().decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
}

}  // namespace
