// SPDX-License-Identifier: MIT
// Where a filesystem may tell of a failure only when a file is synced or closed, each file is asked.
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

// fuse.geesefs stands for all that nobody has heard of.
constexpr const char* asked_types[] = {"fuse.geesefs", "fuse", "fuseblk", "nfs4", "virtiofs", "vfat", "bcachefs", ""};

class DurableApply : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override
    {
        FilesystemFacts facts;
        facts.type = GetParam();
        facts.source = "store";
        facts.free_bytes = 1U << 30U;
        facts.free_inodes = 1'000'000;
        world.fake.set_facts("/var/mail-state", facts);
    }
    void fail_at(std::string wanted, std::string end)
    {
        world.fake.set_hook([wanted, end](std::string_view call, std::string_view path) {
            return call == wanted && path.ends_with(end) ? EIO : 0;
        });
    }
    EngineWorld world;
};

TEST_P(DurableApply, LeavesAnOriginWholeWhoseCopyFails)
{
    for (const char* call : {"fsync", "close"}) {
        SCOPED_TRACE(call);
        fail_at(call, "dump.rdb");
        (void)world.apply();
        EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
        EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
    }
    world.fake.set_hook({});
    (void)world.apply();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
}

TEST_P(DurableApply, LeavesAnOriginWholeThatIsOneFile)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "close" && path.find("/staging/secret.") != std::string_view::npos ? EIO : 0;
    });
    (void)world.apply();
    EXPECT_EQ(world.read("/etc/secret"), "s3cret");
    EXPECT_EQ(world.attributes("/etc/secret").kind, Kind::regular);
}

TEST_P(DurableApply, LeavesAnOriginWholeThatCannotBeSetAside)
{
    world.make_directory("/var/mail-state/lib-redis");
    world.write_file("/var/mail-state/lib-redis/other", "of the volume");
    fail_at("close", "dump.rdb");
    (void)world.apply();
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

INSTANTIATE_TEST_SUITE_P(Types, DurableApply, ::testing::ValuesIn(asked_types));

TEST(Durable, RollBackLeavesTheLinkWhereTheCopyFails)
{
    EngineWorld world;
    (void)world.apply();
    FilesystemFacts facts = *world.fake.reader().filesystem(*world.fake.reader().open("/"));
    facts.type = "fuse.something";
    world.fake.set_facts("/", facts);
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "close" && path.ends_with("dump.rdb") ? EIO : 0;
    });
    (void)world.roll_back();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
}

TEST(Durable, OneSyncDoesForAllOnALocalFilesystem)
{
    EngineWorld world;
    std::atomic<int> files{0}, whole{0};
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        if (call == "fsync" && path.ends_with("dump.rdb")) ++files;
        if (call == "syncfs") ++whole;
        return 0;
    });
    (void)world.apply();
    EXPECT_EQ(files, 0);
    EXPECT_GT(whole, 0);
}

}  // namespace
