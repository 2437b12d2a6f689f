// SPDX-License-Identifier: MIT
// What cannot be removed of an origin: immutable and append-only files.
#include <gtest/gtest.h>

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
    expect_leftover(world.apply());
    set_immutable("/var/lib/.mailstate-redis/kept.rdb", false);
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
