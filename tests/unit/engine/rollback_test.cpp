// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

class RollBack : public ::testing::Test {
protected:
    RollBack() { (void)world.apply(); }

    // Every content below .mailstate/displaced but the manifests.
    std::vector<std::string> set_aside()
    {
        std::vector<std::string> contents;
        for (const auto& [path, content] : world.tree("/var/mail-state/.mailstate/displaced"))
            if (!path.ends_with('/') && !path.ends_with(".json")) contents.push_back(content);
        return contents;
    }

    EngineWorld world;
};

TEST_F(RollBack, PutsRealDirectoriesAndFilesAtTheOrigins)
{
    world.write_file("/var/mail-state/lib-redis/dump.rdb", "written since");
    world.own("/var/mail-state/lib-redis/dump.rdb", {Uid{101}, Gid{101}}, Mode{0640});
    const Report report = world.roll_back();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(report.changes.size(), 3U);
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "written since");
    EXPECT_EQ(world.attributes("/var/lib/redis/dump.rdb").owner, (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(world.attributes("/var/lib/plain").mode.bits, 02770U);
    EXPECT_EQ(world.read("/etc/secret"), "s3cret");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "written since");
}

TEST_F(RollBack, LeavesNamesOfTheStorageOnTheVolume)
{
    const std::string there = "/var/mail-state/lib-redis";
    for (const std::string name : {"/.snapshots", "/#recycle", "/.Trash-1000"}) {
        world.make_directory(there + name, Mode{0755}, {});
        world.write_file(there + name + "/old", "of an earlier generation");
    }
    const Report report = world.roll_back();
    EXPECT_THAT(report.findings, IsEmpty());
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    for (const std::string name : {"/.snapshots", "/#recycle", "/.Trash-1000"}) {
        EXPECT_FALSE(world.exists("/var/lib/redis" + name));
        EXPECT_TRUE(world.exists(there + name + "/old"));
    }
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), there);
    EXPECT_TRUE(world.exists(there + "/.snapshots/old"));
    EXPECT_THAT(set_aside(), IsEmpty());
}

TEST(RollBackFromAMount, IsLinkedAgainUnlessItWasUsedSince)
{
    EngineWorld world;
    const std::string there = "/var/mail-state/lib-redis";
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.make_directory(there);
    ASSERT_TRUE(world.fake.bind("/srv/redis", there));
    (void)world.apply();
    (void)world.roll_back();
    ASSERT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    const Report report = world.apply();
    EXPECT_FALSE(has_finding(report.findings, "destination.outdated"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), there);
    EXPECT_EQ(world.read(there + "/dump.rdb"), "precious");
    EXPECT_TRUE(world.tree(displaced_folder).empty());
    EXPECT_FALSE(has_changes(world.plan()));

    (void)world.roll_back();
    world.write_file("/var/lib/redis/dump.rdb", "written since");
    EXPECT_TRUE(has_finding(world.apply().findings, "destination.outdated"));
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "written since");
}

TEST_F(RollBack, SaysWhatIsMountedInTheDestination)
{
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/var/mail-state/lib-redis/mounted");
    ASSERT_TRUE(world.fake.bind("/srv", "/var/mail-state/lib-redis/mounted"));
    const Report report = world.roll_back();
    const auto found = std::ranges::find(report.findings, "entry.unreadable", &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_THAT(found->message, HasSubstr("/var/mail-state/lib-redis/mounted"));
    EXPECT_THAT(found->hint, HasSubstr("mounted inside it"));
    EXPECT_EQ(std::ranges::count(report.findings, "entry.unreadable", &Finding::code), 1);
}

TEST_F(RollBack, SaysWhereTheOriginsDirectoryIsGone)
{
    world.remove("/var/lib");
    const Report report = world.roll_back();
    const auto found = std::ranges::find(report.findings, "origin.parent-missing", &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_EQ(found->severity, Severity::warning);
}

TEST_F(RollBack, LeavesOnlyItsRecordBesideTheOrigin)
{
    (void)world.roll_back();
    const auto beside = world.tree("/var/lib/.mailstate.rollback-redis");
    ASSERT_EQ(beside.size(), 1U);
    EXPECT_EQ(beside.begin()->first, "record");
    EXPECT_EQ(world.attributes("/var/lib/.mailstate.rollback-redis").mode.bits, 0700U);
}

TEST_F(RollBack, ChangesNothingMoreTheSecondTime)
{
    (void)world.roll_back();
    const Report again = world.roll_back();
    EXPECT_EQ(again.outcome, Outcome::done);
    EXPECT_THAT(again.changes, IsEmpty());
}

TEST_F(RollBack, ReturnsOnlyWhatIsAskedFor)
{
    RollbackOptions options;
    options.plan.only = {"redis"};
    (void)world.roll_back(options);
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
}

TEST_F(RollBack, ReturnsAnEntryWhoseServiceIsOffToo)
{
    world.layout.entries[0].enabled = {{"ENABLE_REDIS", 1, true}};
    (void)world.roll_back();
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
}

TEST_F(RollBack, ReturnsToAnAbsentOrigin)
{
    world.remove("/var/lib/redis");
    EXPECT_EQ(world.roll_back().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

TEST_F(RollBack, WorksInStepsWhereTheFilesystemHasNoExchange)
{
    int refused = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        const bool first_of_an_entry = call.starts_with("rename") && path.find(".rollback-") != std::string_view::npos;
        if (!first_of_an_entry || path.find("record") != std::string_view::npos) return 0;
        return ++refused % 2 == 1 ? EINVAL : 0;  // the exchange; the rename that follows it is let through
    });
    const Report report = world.roll_back();
    world.fake.set_hook({});
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(refused, 6);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read("/etc/secret"), "s3cret");
    EXPECT_THAT(world.roll_back().changes, IsEmpty());
}

TEST_F(RollBack, PutsBackWhatCameToTheOriginInTheLastMoment)
{
    bool swapped = false;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        const bool exchange = call == "renameat2" && path.find("rollback-redis/state") != std::string_view::npos;
        if (!exchange || swapped) return 0;
        swapped = true;
        world.remove("/var/lib/redis");
        world.make_directory("/var/lib/redis");
        world.write_file("/var/lib/redis/mine", "mine");
        return 0;
    });
    const Report report = world.roll_back();
    world.fake.set_hook({});
    EXPECT_TRUE(swapped);
    EXPECT_TRUE(has_finding(report.findings, "rollback.failed"));
    EXPECT_EQ(world.read("/var/lib/redis/mine"), "mine");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_FALSE(world.exists("/var/lib/.mailstate.rollback-redis"));
}

TEST_F(RollBack, IsTakenBackByApplyWithoutACopyWhereNothingWasWritten)
{
    (void)world.roll_back();
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_FALSE(has_finding(report.findings, "entry.displaced"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_FALSE(world.exists("/var/lib/.mailstate.rollback-redis"));
    EXPECT_THAT(world.verify(), IsEmpty());
    EXPECT_THAT(set_aside(), IsEmpty());
}

TEST_F(RollBack, GivesWayToWhatTheOlderVersionWroteWhateverItsTimes)
{
    (void)world.roll_back();
    // Older by its time, of the same size, or gone: the origin's word counts all the same.
    world.write_file("/var/mail-state/lib-redis/dump.rdb", "PRECIOUS");
    world.write_file("/var/lib/redis/new", "new");
    world.remove("/var/lib/redis/sub");
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_TRUE(has_finding(report.findings, "entry.displaced"));
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/new"), "new");
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/sub"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_THAT(set_aside(), testing::UnorderedElementsAre("PRECIOUS", "more of it"));
    EXPECT_FALSE(has_changes(world.plan()));
}

// apply was killed once it had recorded that the volume's copy will do, with the origin whole; then the older version
// ran.
TEST_F(RollBack, GivesWayToWhatWasWrittenAfterAnApplyThatWasCutOff)
{
    for (const bool exchanges : {true, false}) {
        EngineWorld other;
        (void)other.apply();
        (void)other.roll_back();
        other.fake.set_hook([&](std::string_view call, std::string_view path) {
            if (call == "renameat2" && path == "/var/lib/.mailstate-redis") return exchanges ? EIO : EINVAL;
            return !exchanges && call == "unlinkat" && path.starts_with("/var/lib/redis/") ? EIO : 0;
        });
        (void)other.apply();
        other.fake.set_hook({});
        ASSERT_EQ(other.attributes("/var/lib/redis").kind, Kind::directory);
        if (!exchanges) continue;  // emptying had begun: the record was gone before, and the volume has it all
        other.write_file("/var/lib/redis/dump.rdb", "written since");
        EXPECT_EQ(other.apply().outcome, Outcome::done);
        EXPECT_EQ(other.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
        EXPECT_EQ(other.read("/var/mail-state/lib-redis/dump.rdb"), "written since");
    }
}

TEST_F(RollBack, DoesNotLetAnotherContainersPristineOriginWin)
{
    (void)world.roll_back();
    for (const char* name : {"/var/lib/redis", "/var/lib/plain", "/etc/secret"}) world.remove(name);
    for (const char* name : {"redis", "plain"}) world.remove(std::string("/var/lib/.mailstate.rollback-") + name);
    world.remove("/etc/.mailstate.rollback-secret");
    world.make_directory("/var/lib/redis");
    world.write_file("/var/lib/redis/dump.rdb", "pristine");
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "entry.rolled-back-elsewhere"));
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_THAT(set_aside(), testing::ElementsAre("pristine"));
    EXPECT_FALSE(has_finding(world.apply().findings, "entry.rolled-back-elsewhere"));
}

TEST_F(RollBack, CanBeDoneAndUndoneManyTimes)
{
    for (int round = 0; round < 4; ++round) {
        const std::string written = "round " + std::to_string(round);
        EXPECT_EQ(world.roll_back().outcome, Outcome::done);
        world.write_file("/var/lib/redis/dump.rdb", written);
        EXPECT_EQ(world.apply().outcome, Outcome::done);
        EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), written);
    }
}

TEST_F(RollBack, StopsAtASignalWithNothingHalfDone)
{
    world.stop.signal = 15;
    const Report report = world.roll_back();
    EXPECT_EQ(report.outcome, Outcome::interrupted);
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_FALSE(world.exists("/var/lib/.mailstate.rollback-redis"));
}

RollbackOptions before_run(std::uint64_t run)
{
    RollbackOptions options;
    options.before = run;
    return options;
}

TEST(RollBackTo, PutsBackWhatTheRunTookAndLeavesWhatWasThere)
{
    EngineWorld world;
    ApplyOptions first;
    first.plan.only = {"plain"};
    (void)world.apply(first);
    (void)world.apply();
    const Report report = world.roll_back(before_run(2));
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read("/etc/secret"), "s3cret");
    EXPECT_THAT(world.roll_back(before_run(2)).changes, IsEmpty());
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

// The volume was filled by another before, so that all of the origin was set aside.
class Returned : public ::testing::Test {
protected:
    Returned()
    {
        world.make_directory("/var/mail-state/etc", Mode{0755}, {});
        world.write_file("/var/mail-state/etc/secret", "of the volume");
        world.write_file("/etc/secret", "of the origin, and newer");
        (void)world.apply();
        (void)world.roll_back(before_run(1));
    }

    EngineWorld world;
};

TEST_F(Returned, IsWhatWasSetAsideWhereThatIsTheEarlierState)
{
    EXPECT_EQ(world.read("/etc/secret"), "of the origin, and newer");
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "of the volume");
}

TEST_F(Returned, GivesWayToTheVolumeAgainWhereItWasNotUsed)
{
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "of the volume");
    EXPECT_EQ(world.read_link("/etc/secret"), "/var/mail-state/etc/secret");
}

// apply was killed once it had recorded that the volume's copy will do.
TEST_F(Returned, GivesWayAlsoAfterAnApplyThatWasCutOff)
{
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        return (call == "symlinkat" || call == "renameat2") && path.starts_with("/etc/") ? EIO : 0;
    });
    (void)world.apply();
    world.fake.set_hook({});
    ASSERT_EQ(world.read("/etc/secret"), "of the origin, and newer");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "of the volume");
}

TEST_F(Returned, IsTheNewerWhereItWasUsed)
{
    world.write_file("/etc/secret", "used");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "used");
    bool is_kept = false;
    for (const auto& [path, content] : world.tree("/var/mail-state/.mailstate/displaced"))
        is_kept = is_kept || content == "of the volume";
    EXPECT_TRUE(is_kept);
}

TEST(RollBackTo, RefusesARunThatIsNotThere)
{
    EngineWorld world;
    (void)world.apply();
    const Report report = world.roll_back(before_run(7));
    EXPECT_EQ(report.outcome, Outcome::blocked);
    EXPECT_TRUE(has_finding(report.findings, "rollback.unknown-run"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

}  // namespace
