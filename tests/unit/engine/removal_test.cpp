// SPDX-License-Identifier: MIT
// What the proofs of the funnel say, and what they do not.
#include <gtest/gtest.h>

#include <cerrno>

#include "engine/removal.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

constexpr const char* run = "0123456789abcdef";

class Funnel : public ::testing::Test {
protected:
    [[nodiscard]] bool is_own(const std::string& directory, const std::string& name) const
    {
        return Removal::own({std::make_shared<const Anywhere>(TreePath(directory)), name}).has_value();
    }
    EngineWorld world;

private:
    class Anywhere final : public Directory {
        using Directory::Directory;
    };
};

TEST_F(Funnel, TakesForItsOwnWhatOnlyItMakes)
{
    const std::string workspace = "/var/mail-state/.mailstate";
    EXPECT_TRUE(is_own(workspace + "/staging", std::string("redis.") + run));
    EXPECT_TRUE(is_own(workspace + "/staging/redis." + run, "sub"));
    EXPECT_TRUE(is_own("/var/mail-state/lib-redis", std::string(".mailstate-staging.") + run));
    EXPECT_TRUE(is_own("/var/mail-state/lib-redis/.mailstate/staging", std::string(".redis-manifest.") + run + ".new"));
    EXPECT_TRUE(is_own("/var/lib/.mailstate.rollback-redis", "state"));
    EXPECT_TRUE(is_own(workspace, "ledger.json"));
    EXPECT_TRUE(is_own(workspace + "/staging/rehearsal." + run + "/root/var/mail-state/.mailstate/displaced", "any"));
}

TEST_F(Funnel, TakesNobodyElsesForItsOwn)
{
    const std::string workspace = "/var/mail-state/.mailstate";
    EXPECT_FALSE(is_own("/var/lib", "redis"));
    EXPECT_FALSE(is_own("/var/lib/redis", std::string("queue.") + run));
    EXPECT_FALSE(is_own("/var/lib", ".mailstate-redis"));  // after an exchange that is the old origin
    EXPECT_FALSE(is_own("/var/mail-state", ".mailstate"));
    EXPECT_FALSE(is_own(workspace, "staging"));
    EXPECT_FALSE(is_own(workspace, "notes"));
    EXPECT_FALSE(is_own(workspace + "/staging", "somebody's"));
    EXPECT_FALSE(is_own(workspace + "/displaced", std::string("20261121T020635Z-redis.") + run));
    EXPECT_FALSE(is_own(workspace + "/displaced/20261121T020635Z-redis", std::string(".mailstate-staging.") + run));
}

TEST_F(Funnel, OfALinkItReadsTheText)
{
    world.make_link("/var/lib/link", "/to/here");
    const DirectoryRef at = *world.fake.reader().open("/var/lib");
    EXPECT_TRUE(Removal::own_link(world.fake.reader(), {at, "link"}, "/to/here"));
    EXPECT_FALSE(Removal::own_link(world.fake.reader(), {at, "link"}, "/elsewhere"));
    EXPECT_FALSE(Removal::own_link(world.fake.reader(), {at, "redis"}));
}

// Once, when the temporary link is made: the copy is published by then, and the origin is still there. No filesystem
// here exchanges directories, so that an origin that is not what was copied stays where it is.
class ChangedMeanwhile : public ::testing::Test {
protected:
    void when_published(const std::function<void()>& act)
    {
        world.fake.set_hook([this, act](std::string_view call, std::string_view path) {
            if (path != "/var/lib/.mailstate-redis") return 0;
            if (call == "symlinkat" && !done_) {
                done_ = true;
                act();
            }
            return call == "renameat2" ? EXDEV : 0;
        });
    }
    void set_mtime(const std::string& path, Timestamp mtime) { ASSERT_TRUE(world.fake.set_times(path, mtime, mtime)); }
    EngineWorld world;

private:
    bool done_ = false;
};

TEST_F(ChangedMeanwhile, AFileWithItsOldSizeAndTimeIsNotWhatWasCopied)
{
    const Timestamp mtime = world.attributes("/var/lib/redis/dump.rdb").mtime;
    when_published([&] {
        ASSERT_TRUE(world.fake.write_at("/var/lib/redis/dump.rdb", 0, "anything"));  // as long as "precious"
        set_mtime("/var/lib/redis/dump.rdb", mtime);
    });
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "anything");
}

// Its inode has not changed since before the copy; the name that leads to it has.
TEST_F(ChangedMeanwhile, AnOldFileOfADirectoryThatWasMovedInIsNotWhatWasCopied)
{
    world.make_directory("/var/lib/other");
    world.write_file("/var/lib/other/more", "MORE OF IT");  // as long as "more of it"
    set_mtime("/var/lib/other/more", world.attributes("/var/lib/redis/sub/more").mtime);
    when_published([&] {
        const DirectoryRef lib = *world.fake.reader().open("/var/lib");
        const DirectoryRef redis = *world.fake.reader().open("/var/lib/redis");
        ASSERT_TRUE(world.fake.writer().rename({redis, "sub"}, {lib, "sub"}, Replace::no));
        ASSERT_TRUE(world.fake.writer().rename({lib, "other"}, {redis, "sub"}, Replace::no));
    });
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::directory);
    EXPECT_EQ(world.read("/var/lib/redis/sub/more"), "MORE OF IT");
}

// What is still as it was copied is not read once more: a move reads the origin once.
TEST_F(ChangedMeanwhile, WhatIsUnchangedIsReadOnce)
{
    int reads = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        reads += call == "read" && path == "/var/lib/redis/dump.rdb" ? 1 : 0;
        return 0;
    });
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/lib/redis").kind, Kind::symlink);
    EXPECT_EQ(reads, 1);
}

}  // namespace
