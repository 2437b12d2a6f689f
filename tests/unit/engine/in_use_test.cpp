// SPDX-License-Identifier: MIT
// Who holds a place open is asked of the world that a verb is given, and of nothing else.
#include <gtest/gtest.h>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

class InUse : public ::testing::Test {
protected:
    void hold(const std::string& path) { world.fake.set_open_files({{4711, "redis-server", path}}); }

    EngineWorld world;
};

TEST_F(InUse, AnOriginThatIsHeldStaysWhereItIs)
{
    hold("/var/lib/redis/dump.rdb");
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "origin.in-use"));
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");
    world.fake.set_open_files({});
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

// Its service was started while the origin was copied: it would go on writing to a tree that is removed.
TEST_F(InUse, AnOriginThatWasOpenedMeanwhileStaysWhole)
{
    for (const bool is_populated : {false, true}) {
        EngineWorld other;
        if (is_populated) other.make_directory("/var/mail-state/lib-redis");
        if (is_populated) other.write_file("/var/mail-state/lib-redis/of the volume", "of the volume");
        other.fake.set_hook([&](std::string_view call, std::string_view path) {
            if (call == "symlinkat" && path == "/var/lib/.mailstate-redis")
                other.fake.set_open_files({{4711, "redis-server", "/var/lib/.mailstate-redis/dump.rdb"}});
            return 0;
        });
        const Report report = other.apply();
        other.fake.set_hook({});
        EXPECT_EQ(other.attributes("/var/lib/redis").kind, Kind::directory) << is_populated;
        EXPECT_EQ(other.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_FALSE(other.exists("/var/lib/.mailstate-redis"));
        EXPECT_EQ(other.exists("/var/mail-state/lib-redis"), is_populated);
        EXPECT_TRUE(has_finding(report.findings, "origin.busy"));
        other.fake.set_open_files({});
        EXPECT_EQ(other.apply().outcome, Outcome::done);
        EXPECT_EQ(other.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    }
}

TEST_F(InUse, AFileThatWasRemovedWhileItWasOpenSaysThatItIsHeld)
{
    world.write_file("/var/lib/redis/.nfs00000000000000a1", "");
    FilesystemFacts facts;
    facts.type = "nfs4";
    facts.kind = FilesystemClass::network;
    facts.free_bytes = 1U << 30U;
    facts.free_inodes = 1'000'000;
    world.fake.set_facts("/", facts);
    EXPECT_TRUE(has_finding(world.apply().findings, "origin.in-use"));
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
}

TEST_F(InUse, ACopyOfSuchAFileOnALocalDiskIsAFileLikeAnyOther)
{
    world.write_file("/var/lib/redis/.nfs00000000000000a1", "");
    (void)world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

TEST_F(InUse, AProcessThatHoldsSomethingElseIsNoReason)
{
    hold("/var/lib/redis2/dump.rdb");
    EXPECT_FALSE(has_finding(world.apply().findings, "origin.in-use"));
}

TEST_F(InUse, ADestinationThatIsHeldIsNotRolledBack)
{
    (void)world.apply();
    hold("/var/mail-state/lib-redis");
    const Report report = world.roll_back();
    EXPECT_TRUE(has_finding(report.findings, "destination.in-use"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

}  // namespace
