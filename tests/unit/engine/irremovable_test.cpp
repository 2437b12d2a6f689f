// SPDX-License-Identifier: MIT
// What cannot be removed of an origin: immutable and append-only files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

constexpr const char* redis_link = "/var/mail-state/lib-redis";

class Irremovable : public ::testing::Test {
protected:
    Irremovable() { world.write_file("/var/lib/redis/kept.rdb", "content"); }
    void set_immutable(const std::string& path, bool immutable)
    {
        ASSERT_TRUE(world.fake.set_immutable(path, immutable)) << path;
    }
    void expect_leftover(const Report& report)
    {
        EXPECT_TRUE(has_finding(report.findings, "origin.leftover"));
        EXPECT_EQ(report.outcome, Outcome::done);
        EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
        EXPECT_EQ(world.read("/var/mail-state/lib-redis/kept.rdb"), "content");
        EXPECT_TRUE(world.exists("/var/lib/.mailstate-redis/kept.rdb"));
    }

    EngineWorld world;
};

TEST_F(Irremovable, BesideTheLinkIsAWarningUntilItIsGone)
{
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
    EXPECT_FALSE(has_changes(world.plan()));
    const auto volume = world.tree("/var/mail-state");
    expect_leftover(world.apply());
    EXPECT_EQ(world.tree("/var/mail-state"), volume);
    set_immutable("/var/lib/.mailstate-redis/kept.rdb", false);
    EXPECT_TRUE(has_changes(world.plan()));
    EXPECT_FALSE(has_finding(world.apply().findings, "origin.leftover"));
    EXPECT_FALSE(world.exists("/var/lib/.mailstate-redis"));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(Irremovable, BesideTheLinkIsAWarningWhereTheDestinationWasThereBefore)
{
    world.make_directory("/var/mail-state/lib-redis");
    world.write_file("/var/mail-state/lib-redis/kept.rdb", "content");
    world.write_file("/var/mail-state/lib-redis/more", "of the volume");
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
}

// Killed between the exchange and the first removal; then the volume is a new one.
TEST_F(Irremovable, IsPutBackWhereTheVolumeHasNothingOfIt)
{
    bool exchanged = false;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        if (call == "renameat2" && path == "/var/lib/.mailstate-redis") exchanged = true;
        return exchanged && call != "renameat2" && call != "statx" ? EIO : 0;
    });
    (void)world.apply();
    world.fake.set_hook({});
    ASSERT_TRUE(world.exists("/var/lib/.mailstate-redis/kept.rdb"));
    world.remove("/var/mail-state/lib-redis");
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "destination.lost"));
    EXPECT_EQ(world.read("/var/lib/redis/kept.rdb"), "content");
    EXPECT_FALSE(world.exists("/var/lib/.mailstate-redis"));
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/kept.rdb"), "content");
    EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
}

// What is left of it is no state: it is set aside, and the service gets an empty directory, with a warning.
TEST_F(Irremovable, IsNotPutBackOnceSomethingWasRemovedFromIt)
{
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
    world.remove("/var/mail-state/lib-redis");
    EXPECT_TRUE(has_finding(world.apply().findings, "destination.lost"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis").kind, Kind::directory);
    EXPECT_TRUE(world.exists("/var/lib/.mailstate-redis/kept.rdb"));
}

// A link to another disk serves: nothing is taken from under a service.
TEST_F(Irremovable, IsNotPutBackWhereTheDestinationIsALink)
{
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
    world.remove("/var/mail-state/lib-redis");
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.make_link("/var/mail-state/lib-redis", "/srv/redis");
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
    EXPECT_TRUE(world.exists("/var/lib/.mailstate-redis/kept.rdb"));
}

// The service goes on with an origin that is whole, and the volume keeps what it has.
TEST_F(Irremovable, IsInTheWayOfALinkAndNamed)
{
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
    ASSERT_EQ(world.roll_back().outcome, Outcome::done);
    const Report report = world.apply();
    const auto found = std::ranges::find(report.findings, std::string("entry.failed"), &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_NE(found->message.find("/var/lib/.mailstate-redis"), std::string::npos);
    EXPECT_EQ(world.read("/var/lib/redis/kept.rdb"), "content");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/kept.rdb"), "content");
    set_immutable("/var/lib/.mailstate-redis/kept.rdb", false);
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
}

// Somebody's own directory has the name, and nothing was ever moved.
TEST_F(Irremovable, IsSetAsideWhereItIsSomebodysOwn)
{
    world.make_directory("/var/lib/.mailstate-redis");
    world.write_file("/var/lib/.mailstate-redis/somebody's", "own");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/redis"), redis_link);
    const auto kept = world.tree(displaced_folder);
    EXPECT_TRUE(std::ranges::any_of(kept, [](const auto& item) { return item.second == "own"; }));
}

// The pid file has gone from the destination with the first run.
TEST_F(Irremovable, PidFilesOfTheDeadAreNotSetAsideFromTheOldTree)
{
    world.write_file("/var/lib/redis/old.pid", "                 413\n");
    set_immutable("/var/lib/redis/old.pid", true);
    set_immutable("/var/lib/redis/kept.rdb", true);
    expect_leftover(world.apply());
    set_immutable("/var/lib/.mailstate-redis/old.pid", false);
    set_immutable("/var/lib/.mailstate-redis/kept.rdb", false);
    EXPECT_FALSE(has_finding(world.apply().findings, "entry.displaced"));
    EXPECT_FALSE(world.exists("/var/lib/.mailstate-redis"));
}

TEST_F(Irremovable, InALayerThatWouldHaveToBeEmptiedLeavesTheEntryWhole)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "renameat2" && path.find(".mailstate-redis") != std::string_view::npos ? EXDEV : 0;
    });
    set_immutable("/var/lib/redis/kept.rdb", true);
    const auto before = world.tree("/var/lib/redis");
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "entry.failed"));
    EXPECT_EQ(world.tree("/var/lib/redis"), before);
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
}

}  // namespace
