// SPDX-License-Identifier: MIT
// A run that a signal ends leaves its copy, and the next one goes on with it.
#include <gtest/gtest.h>

#include "engine/resume.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

class Resume : public ::testing::Test {
protected:
    Resume()
    {
        world.write_file("/var/lib/redis/sub/one", "1");
        world.write_file("/var/lib/redis/zz", "the last");
        only.plan.only = {"redis"};
        const auto uid = Uid{101};
        world.own("/var/lib/redis/zz", {uid, Gid{104}}, Mode{0640});
    }

    // The signal comes as the last file is about to be read.
    void interrupt()
    {
        world.fake.set_hook([this](std::string_view /*call*/, std::string_view path) {
            if (path == "/var/lib/redis/zz" && world.exists(staging()) && !copy().empty()) world.stop.signal = 15;
            return 0;
        });
        EXPECT_EQ(world.apply(only).outcome, Outcome::interrupted);
        world.fake.set_hook({});
        world.stop.signal = 0;
    }

    [[nodiscard]] static std::string staging() { return "/var/mail-state/.mailstate/staging"; }

    // The path of the copy; empty where there is none.
    [[nodiscard]] std::string copy() const
    {
        for (const auto& [name, content] : world.tree(staging()))
            if (name.starts_with("redis.")) return staging() + "/" + name.substr(0, name.find('/'));
        return {};
    }

    void expect_done()
    {
        EXPECT_EQ(world.apply(only).outcome, Outcome::done);
        EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
        EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
        EXPECT_EQ(world.read("/var/mail-state/lib-redis/zz"), "the last");
        EXPECT_TRUE(world.tree(staging()).empty());
    }

    EngineWorld world;
    ApplyOptions only;
};

TEST_F(Resume, GoesOnWithWhatIsWhole)
{
    interrupt();
    ASSERT_FALSE(copy().empty());
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    const std::uint64_t kept = world.attributes(copy() + "/dump.rdb").inode;
    expect_done();
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").inode, kept);
    EXPECT_FALSE(has_changes(world.plan(only.plan)));
}

TEST_F(Resume, CopiesAnewWhatHasChangedAndDropsWhatHasVanished)
{
    interrupt();
    world.write_file("/var/lib/redis/sub/one", "2");
    world.write_file(copy() + "/gone", "copied before it was removed");
    expect_done();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/sub/one"), "2");
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/gone"));
}

TEST_F(Resume, ReplacesWhatIsOfAnotherKind)
{
    interrupt();
    world.remove("/var/lib/redis/sub");
    world.write_file("/var/lib/redis/sub", "a file by now");
    expect_done();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/sub"), "a file by now");
}

TEST_F(Resume, ReadsWhatAnotherRunHasCopiedBeforeItIsPublished)
{
    interrupt();
    const Attributes origin = world.attributes("/var/lib/redis/dump.rdb");
    ASSERT_TRUE(world.fake.write_at(copy() + "/dump.rdb", 0, "PRECIOUS"));
    ASSERT_TRUE(world.fake.set_times(copy() + "/dump.rdb", origin.atime, origin.mtime));
    expect_done();
}

TEST_F(Resume, TakesOverAnAttributeThatWasSetMeanwhile)
{
    for (const char* path : {"/var/lib/redis/dump.rdb", "/var/lib/redis/sub"})
        ASSERT_TRUE(world.fake.set_attribute(path, "user.old", "from before"));
    interrupt();
    for (const char* path : {"/var/lib/redis/dump.rdb", "/var/lib/redis/sub"})
        ASSERT_TRUE(world.fake.set_attribute(path, "user.note", "set between the runs"));
    expect_done();
    const DirectoryRef moved = *world.fake.reader().open("/var/mail-state/lib-redis");
    const std::vector<ExtendedAttribute> both{{"user.note", "set between the runs"}, {"user.old", "from before"}};
    EXPECT_EQ(*world.fake.reader().extended_attributes({moved, "dump.rdb"}), both);
    EXPECT_EQ(*world.fake.reader().extended_attributes({moved, "sub"}), both);
}

TEST_F(Resume, LeavesNoCopyWhereTheEntryIsNotCopied)
{
    interrupt();
    world.fake.set_open_files({{4711, "redis-server", "/var/lib/redis/dump.rdb"}});
    (void)world.apply(only);
    EXPECT_TRUE(world.tree(staging()).empty());
    world.fake.set_open_files({});
    expect_done();
}

TEST_F(Resume, KeepsHardLinksTogether)
{
    world.make_hard_link("/var/lib/redis/alias", "/var/lib/redis/dump.rdb");
    interrupt();
    expect_done();
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/alias").inode,
              world.attributes("/var/mail-state/lib-redis/dump.rdb").inode);
}

TEST(Doubtful, IsWhatAnEarlierRunMadeUnlessItIsKnownToBeUnchanged)
{
    Attributes origin, copy;
    origin.kind = copy.kind = Kind::regular;
    origin.size = copy.size = 1;
    origin.links = copy.links = 1;
    origin.ctime = origin.mtime = {1000, 0};
    copy.ctime = {2000, 0};
    EXPECT_TRUE(is_doubtful({"", {2000, 0}, std::nullopt}, origin, copy));
    EXPECT_FALSE(is_doubtful({"", {1999, 0}, std::nullopt}, origin, copy));  // made by this run
    EXPECT_FALSE(is_doubtful({"", {2000, 0}, Timestamp{1001, 0}}, origin, copy));
    EXPECT_TRUE(is_doubtful({"", {2000, 0}, Timestamp{1000, 0}}, origin, copy));
    origin.ctime = {1500, 0};  // the mtime was set back
    EXPECT_TRUE(is_doubtful({"", {2000, 0}, Timestamp{1001, 0}}, origin, copy));
    copy.links = 2;  // of which this run has made one
    EXPECT_TRUE(is_doubtful({"", {1999, 0}, std::nullopt}, origin, copy));
}

}  // namespace
