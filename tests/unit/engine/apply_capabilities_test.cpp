// SPDX-License-Identifier: MIT
// What apply does on volumes that refuse, ignore or cannot do something.
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

class ApplyOnAVolume : public ::testing::Test {
protected:
    EngineWorld world;
};

TEST_F(ApplyOnAVolume, RecognisesAVolumeThatIgnoresChown)
{
    world.fake.set_quirks({true, false});
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

TEST_F(ApplyOnAVolume, LeavesWhatNeedsOwnersAloneOnAVolumeThatLiesUntilItDoesNot)
{
    world.layout.entries[0].needs = {Ability::chown};
    world.fake.set_quirks({true, false});
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_TRUE(has_finding(report.findings, "volume.ignores-chown"));
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
    EXPECT_TRUE(world.tree("/var/mail-state/.mailstate/staging").empty());
    EXPECT_TRUE(has_finding(world.plan().findings, "volume.ignores-chown"));  // by the ledger's word
    world.fake.set_quirks({});  // the remedy shows nowhere but in the next test
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(ApplyOnAVolume, BelievesTheServerAndNotTheMemoryOfItsClient)
{
    FilesystemFacts facts;
    facts.type = "cifs";
    facts.kind = FilesystemClass::network;
    facts.free_bytes = 1U << 30U;
    facts.free_inodes = 1'000'000;
    world.fake.set_facts("/var/mail-state", facts);
    FakeQuirks quirks;
    quirks.forget_owners = true;
    world.fake.set_quirks(quirks);
    world.layout.entries[0].needs = {Ability::chown};
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "volume.ignores-chown"));
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
}

TEST_F(ApplyOnAVolume, TestsAVolumeThatIsAnotherThanTheLedgers)
{
    (void)world.apply();
    ASSERT_FALSE(has_changes(world.plan()));
    FilesystemFacts facts;
    facts.type = "nfs4";
    facts.source = "server:/state";
    facts.kind = FilesystemClass::network;
    facts.free_bytes = 1U << 30U;
    facts.free_inodes = 1'000'000;
    world.fake.set_facts("/var/mail-state", facts);
    EXPECT_TRUE(has_changes(world.plan()));
    (void)world.apply();
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(ApplyOnAVolume, KnowsNothingAfterATestThatABadMomentCutOff)
{
    world.layout.entries[0].needs = {Ability::fifo};
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "mknodat" && path.ends_with("fifo") ? ESTALE : 0;
    });
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "volume.not-tested"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    world.fake.set_hook({});
    EXPECT_TRUE(has_changes(world.plan()));
    (void)world.apply();
    EXPECT_FALSE(has_changes(world.plan()));
}

// exfat-fuse and rclone say so for "I do not know this call"; a disk that fails cannot write a plain file either.
TEST_F(ApplyOnAVolume, TakesEioForTheAnswerOfOneCallWhereAPlainFileCanBeWritten)
{
    world.layout.entries[0].needs = {Ability::fifo};
    bool all_fail = false;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        const bool is_plain = path.find("plain-") != std::string_view::npos;
        return (call == "mknodat" && path.ends_with("fifo")) || (all_fail && is_plain) ? EIO : 0;
    });
    EXPECT_TRUE(has_finding(world.apply().findings, "volume.lacks-fifo"));
    all_fail = true;
    world.remove("/var/mail-state/.mailstate");
    EXPECT_TRUE(has_finding(world.apply().findings, "volume.not-tested"));
}

TEST_F(ApplyOnAVolume, LeavesAloneWhatNeedsAnAbilityThatIsRefused)
{
    world.layout.entries[0].needs = {Ability::fifo};
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "mknodat" && path.ends_with("fifo") ? EPERM : 0;
    });
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "volume.lacks-fifo"));
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
}

TEST_F(ApplyOnAVolume, LeavesAllAloneWhereRootMayNotMakeAWorkspace)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "mkdirat" && path.ends_with("/.mailstate") ? EACCES : 0;
    });
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                            [](const Finding& found) { return found.severity == Severity::error; }),
              1);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_TRUE(report.changes.empty());
}

TEST_F(ApplyOnAVolume, WorksAsTheUserToWhomADestinationBelongsWhereRootMayNotGiveFilesAway)
{
    world.layout.entries[0].needs = {Ability::chown};
    world.set_user("redis", 101);
    world.make_directory("/var/mail-state/lib-redis", Mode{0750}, {Uid{101}, Gid{101}});
    world.fake.set_quirks({true, false});
    const Report report = world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner, (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/.mailstate/ledger.1.json").owner,
              (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(report.outcome, Outcome::done);
    // A new container: what only it has is set aside inside, and the link is made.
    world.fake.set_quirks({});
    world.make_image_layer();
    world.write_file("/var/lib/redis/new", "only here");
    world.fake.set_quirks({true, false});
    EXPECT_TRUE(has_finding(world.apply().findings, "entry.displaced"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    const auto displaced = world.tree("/var/mail-state/lib-redis/.mailstate/displaced");
    EXPECT_TRUE(
        std::any_of(displaced.begin(), displaced.end(), [](const auto& item) { return item.second == "only here"; }));
}

}  // namespace
