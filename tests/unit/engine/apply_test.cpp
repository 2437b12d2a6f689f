// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::IsEmpty;

namespace {

class Apply : public ::testing::Test {
protected:
    EngineWorld world;
};

TEST_F(Apply, MovesAndLinksAndPutsOwnersRight)
{
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read_link("/etc/secret"), "/var/mail-state/etc/secret");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner, (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(world.attributes("/var/mail-state/lib-plain").mode.bits, 02770U);
    EXPECT_FALSE(world.exists("/var/lib/.mailstate-redis"));
    EXPECT_TRUE(world.tree("/var/mail-state/.mailstate/staging").empty());
    EXPECT_THAT(world.verify(), IsEmpty());
}

TEST_F(Apply, HasAnEmptyPlanAfterwardsAndChangesNothingMore)
{
    (void)world.apply();
    EXPECT_FALSE(has_changes(world.plan()));
    int changed = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view) {
        static const std::set<std::string_view> reads = {"statx",      "openat2", "read",      "openat",   "getdents64",
                                                         "readlinkat", "fstatfs", "listxattr", "faccessat"};
        changed += reads.contains(call) ? 0 : 1;
        return 0;
    });
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(changed, 0);
}

TEST_F(Apply, HasAnEmptyPlanAfterALostDestinationWasMadeAnew)
{
    (void)world.apply();
    world.remove("/var/mail-state/lib-redis");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_TRUE(world.exists("/var/mail-state/lib-redis"));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(Apply, SetsAsideWhatOnlyTheOriginHasAndOnlyOnce)
{
    (void)world.apply();
    for (int container = 0; container < 3; ++container) {
        world.make_image_layer();
        world.write_file("/var/lib/redis/new", "only here");
        world.write_file("/var/lib/redis/x.tmp", "disposable");
        const Report report = world.apply();
        EXPECT_EQ(has_finding(report.findings, "entry.displaced"), container == 0);
    }
    const auto displaced = world.tree("/var/mail-state/.mailstate/displaced");
    const auto holds = [&](const std::string& content) {
        return std::count_if(displaced.begin(), displaced.end(),
                             [&](const auto& item) { return item.second == content; });
    };
    EXPECT_EQ(holds("only here"), 1);
    EXPECT_EQ(holds("disposable"), 0);
    EXPECT_EQ(holds("precious"), 0);
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/new"));
}

TEST_F(Apply, LeavesAMountAloneOverManyStarts)
{
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.write_file("/srv/redis/dump.rdb", "mounted data");
    ASSERT_TRUE(world.fake.bind("/srv/redis", "/var/lib/redis"));
    for (int start = 0; start < 3; ++start) {
        const Report report = world.apply();
        EXPECT_EQ(report.outcome, Outcome::done);
        EXPECT_TRUE(has_finding(report.findings, "origin.mounted"));
        EXPECT_EQ(world.read("/srv/redis/dump.rdb"), "mounted data");
        EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
        EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
    }
}

TEST_F(Apply, AdoptsAMountRefreshesItAndUsesItWhenTheMountIsGone)
{
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.write_file("/srv/redis/dump.rdb", "first");
    ASSERT_TRUE(world.fake.bind("/srv/redis", "/var/lib/redis"));
    ApplyOptions adopt;
    adopt.plan.adopt_mounts = true;
    (void)world.apply(adopt);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "first");
    world.write_file("/srv/redis/dump.rdb", "second, longer");
    (void)world.apply();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "second, longer");
    ASSERT_TRUE(world.fake.unmount("/var/lib/redis"));
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "second, longer");
}

TEST_F(Apply, NeverRefreshesADestinationThatWasUsedSinceTheMountWasGone)
{
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.write_file("/srv/redis/dump.rdb", "of the mount");
    ASSERT_TRUE(world.fake.bind("/srv/redis", "/var/lib/redis"));
    ApplyOptions adopt;
    adopt.plan.adopt_mounts = true;
    (void)world.apply(adopt);
    ASSERT_TRUE(world.fake.unmount("/var/lib/redis"));
    (void)world.apply();
    world.write_file("/var/mail-state/lib-redis/dump.rdb", "written since");
    world.remove("/var/lib/redis");
    world.make_directory("/var/lib/redis");
    ASSERT_TRUE(world.fake.bind("/srv/redis", "/var/lib/redis"));
    (void)world.apply();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "written since");
    (void)world.apply(adopt);  // asked for by name: the mount's data comes in, the other is set aside
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "of the mount");
    const auto displaced = world.tree("/var/mail-state/.mailstate/displaced");
    EXPECT_TRUE(std::any_of(displaced.begin(), displaced.end(),
                            [](const auto& item) { return item.second == "written since"; }));
}

TEST_F(Apply, LeavesTheOriginWhereTheVolumeIsFull)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "openat" && path.find("staging/redis") != std::string_view::npos ? ENOSPC : 0;
    });
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_TRUE(has_finding(report.findings, "volume.no-space"));
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
    EXPECT_TRUE(world.tree("/var/mail-state/.mailstate/staging").empty());
}

TEST_F(Apply, DoesNotPublishWhatCouldNotBeSynced)
{
    world.fake.set_hook([](std::string_view call, std::string_view) { return call == "syncfs" ? EIO : 0; });
    (void)world.apply();
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
}

TEST_F(Apply, EmptiesAnOriginOfALowerLayerThatCannotBeExchanged)
{
    int refused = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        const bool first = call == "renameat2" && path.find(".mailstate-redis") != std::string_view::npos;
        if (!first || refused > 0) return 0;
        ++refused;
        return EXDEV;  // the exchange; the plain rename after it goes through
    });
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/sub/more"), "more of it");
}

TEST_F(Apply, TranslatesOwnersByNameEvenWhereNumbersAreSwapped)
{
    world.set_user("other", 102);
    world.write_file("/var/lib/plain/of-other", "x");
    world.own("/var/lib/plain/of-other", {Uid{102}, Gid{102}}, Mode{0600});
    world.write_file("/var/lib/plain/of-redis", "x");
    world.own("/var/lib/plain/of-redis", {Uid{101}, Gid{101}}, Mode{0600});
    (void)world.apply();
    world.set_user("other", 101);
    world.set_user("redis", 102);
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/mail-state/lib-plain/of-other").owner, (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(world.attributes("/var/mail-state/lib-plain/of-redis").owner, (Owner{Uid{102}, Gid{102}}));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(Apply, NamesRelativeLinksThatLeadElsewhereFromTheVolume)
{
    world.make_link("/var/lib/redis/inside", "sub/more");
    world.make_link("/var/lib/redis/sub/inside", "../dump.rdb");
    world.make_link("/var/lib/redis/sub/up", "..");
    world.make_link("/var/lib/redis/same", "../../../etc/passwd");  // as deep on the volume as at the origin
    world.make_link("/var/lib/redis/absolute", "/var/lib/shared/x");
    EXPECT_FALSE(has_finding(world.plan().findings, "entry.relative-links"));
    world.make_link("/var/lib/redis/sub/out", "../../shared/x");
    const Report report = world.apply();
    const auto found = std::ranges::find(report.findings, "entry.relative-links", &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_EQ(found->subject, "redis");
    EXPECT_THAT(found->message, testing::HasSubstr("1 relative link leads out of the entry"));
    EXPECT_THAT(found->message, testing::EndsWith("sub/out → ../../shared/x"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_THAT(world.plan().findings, IsEmpty());
}

TEST_F(Apply, RefusesASavedPlanWhenTheWorldHasChanged)
{
    const Plan saved = world.plan();
    world.write_file("/var/lib/redis/late", "came later");
    ApplyOptions options;
    options.saved = &saved;
    const Report report = world.apply(options);
    EXPECT_EQ(report.outcome, Outcome::blocked);
    EXPECT_TRUE(has_finding(report.findings, "plan.outdated"));
    EXPECT_FALSE(world.exists("/var/mail-state/.mailstate"));
}

TEST_F(Apply, StopsAtASignalAndLeavesTheOriginWhole)
{
    world.stop.signal = 15;
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::interrupted);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

TEST_F(Apply, RemovesStaleNamesOfTheDestination)
{
    world.write_file("/var/lib/redis/old.pid", "                 413\n");
    (void)world.apply();
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/old.pid"));
    ASSERT_TRUE(world.fake.make_socket("/var/mail-state/lib-redis/dead.pid"));
    (void)world.apply();
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/dead.pid"));
    EXPECT_FALSE(has_changes(world.plan()));
}

// What a layout calls stale and is no trace of a process is somebody's content, whatever its name.
TEST_F(Apply, KeepsWhatIsNoPidFileAndNoSocket)
{
    world.make_directory("/var/lib/redis/accounts.pid");
    world.write_file("/var/lib/redis/accounts.pid/passwords", "the only copy");
    world.write_file("/var/lib/redis/note.pid", "not a number");
    world.write_file("/var/lib/redis/empty.pid", "");
    world.write_file("/var/lib/redis/two.pid", "12 13");
    world.write_file("/var/lib/redis/long.pid", std::string(300, '1'));
    world.make_link("/var/lib/redis/link.pid", "413");
    for (int i = 0; i < 2; ++i) (void)world.apply();
    const auto tree = world.tree("/var/mail-state/lib-redis");
    EXPECT_EQ(tree.at("accounts.pid/passwords"), "the only copy");
    for (const char* name : {"note.pid", "empty.pid", "two.pid", "long.pid", "link.pid"})
        EXPECT_TRUE(tree.contains(name)) << name;
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(Apply, KeepsThePidFileAndTheSocketOfAServiceThatRuns)
{
    (void)world.apply();
    world.write_file("/var/mail-state/lib-redis/redis.pid", "413\n");
    ASSERT_TRUE(world.fake.make_socket("/var/mail-state/lib-redis/sock.pid"));
    ASSERT_TRUE(world.fake.listen_on("/var/mail-state/lib-redis/sock.pid"));
    world.fake.set_processes({413});
    EXPECT_FALSE(has_changes(world.plan()));
    world.write_file("/var/mail-state/lib-redis/wrong-owner", "so that there is something to do");
    const Report report = world.apply();
    EXPECT_EQ(std::count_if(report.findings.begin(), report.findings.end(),
                            [](const Finding& finding) { return finding.code == "entry.alive"; }),
              2);
    EXPECT_TRUE(world.exists("/var/mail-state/lib-redis/redis.pid"));
    EXPECT_TRUE(world.exists("/var/mail-state/lib-redis/sock.pid"));
    world.fake.set_processes({});
    (void)world.apply();
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/redis.pid"));
}

// Postfix's start script fills its chroot with copies of the image's files.
TEST_F(Apply, DropsCopiesOfTheImagesFilesAndNothingThatDiffers)
{
    world.layout.entries.front().disposable_if_equal_to_root = {"{etc,lib}", "{etc,lib}/**"};
    (void)world.apply();
    const auto populate = [&] {
        world.remove("/var/lib/redis");
        world.make_directory("/var/lib/redis");
        for (const char* name : {"etc", "lib", "own"}) world.make_directory(std::string("/var/lib/redis/") + name);
        world.write_file("/var/lib/redis/etc/hosts", "127.0.0.1 localhost\n");
        world.write_file("/var/lib/redis/etc/localtime", "Europe/Berlin");
        world.write_file("/var/lib/redis/etc/sasldb2", "accounts");
        world.write_file("/var/lib/redis/etc/secret", "not the image's");
        world.write_file("/var/lib/redis/own/hosts", "127.0.0.1 localhost\n");
    };
    populate();
    world.write_file("/etc/hosts", "127.0.0.1 localhost\n");
    world.make_directory("/etc/zones");
    world.write_file("/etc/zones/Berlin", "Europe/Berlin");
    world.make_link("/etc/localtime", "zones/Berlin");
    world.make_directory("/lib");
    EXPECT_TRUE(has_finding(world.apply().findings, "entry.displaced"));
    std::vector<std::string> kept;
    for (const auto& [path, content] : world.tree("/var/mail-state/.mailstate/displaced"))
        if (!path.ends_with(".json") && !path.ends_with("/")) kept.push_back(content);
    std::sort(kept.begin(), kept.end());
    EXPECT_EQ(kept, (std::vector<std::string>{"127.0.0.1 localhost\n", "accounts", "not the image's"}));
}

TEST_F(Apply, SetsABrokenLedgerAsideAndGoesOn)
{
    (void)world.apply();
    world.write_file("/var/mail-state/.mailstate/ledger.99.json", "{ torn");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    const auto workspace = world.tree("/var/mail-state/.mailstate");
    EXPECT_TRUE(std::any_of(workspace.begin(), workspace.end(), [](const auto& item) {
        return item.first.starts_with("ledger.broken-") && item.second == "{ torn";
    }));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(Apply, TakesTheCopyBackWhereTheLinkCannotBeMade)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "symlinkat" && path.find("redis") != std::string_view::npos ? ENOSPC : 0;
    });
    (void)world.apply();
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
    world.fake.set_hook({});
    world.write_file("/var/lib/redis/dump.rdb", "written since");  // the service went on with its origin
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "written since");
}

TEST_F(Apply, DoesNotHandOverAHardLinkToSomebodyElsesFile)
{
    world.write_file("/var/lib/shadow", "root's alone");
    const Reader& reader = world.fake.reader();
    const DirectoryRef lib = *reader.open("/var/lib");
    const DirectoryRef redis = *reader.open("/var/lib/redis");
    ASSERT_TRUE(world.fake.writer().make_hard_link({lib, "shadow"}, {redis, "planted"}));
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/lib/shadow").owner, Owner{});
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
}

TEST_F(Apply, RenumbersTheRestWhereOneTreeCannotBeWalked)
{
    (void)world.apply();
    world.set_user("redis", 150);
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "getdents64" && path.find("lib-plain") != std::string_view::npos ? EIO : 0;
    });
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_TRUE(has_finding(report.findings, "ownership.refused"));
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner, (Owner{Uid{150}, Gid{150}}));
}

TEST_F(Apply, AdoptsAFileThatIsAMountPoint)
{
    world.write_file("/var/outside", "mounted secret");
    ASSERT_TRUE(world.fake.bind("/var/outside", "/etc/secret"));
    ApplyOptions adopt;
    adopt.plan.adopt_mounts = true;
    (void)world.apply(adopt);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "mounted secret");
}

TEST_F(Apply, DoesNotReplaceALedgerThatCannotBeReadNow)
{
    (void)world.apply();
    const std::string before = world.newest_ledger();
    world.make_image_layer();
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "read" && path.find("/ledger.") != std::string_view::npos ? EIO : 0;
    });
    EXPECT_EQ(world.apply().outcome, Outcome::blocked);
    world.fake.set_hook({});
    EXPECT_EQ(world.newest_ledger(), before);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

}  // namespace
