// SPDX-License-Identifier: MIT
// Moves within one filesystem: the origin itself becomes the destination.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

constexpr const char *redis_origin = "/var/lib/redis", *redis_destination = "/var/mail-state/lib-redis",
                     *plain_destination = "/var/mail-state/lib-plain";

class OneFilesystem : public ::testing::Test {
protected:
    OneFilesystem() { world.put_volume_on_root(); }

    const PlanEntry& planned(const std::string& name)
    {
        plan_ = world.plan();
        return entry_named(plan_.entries, name);
    }
    static const PlanEntry& entry_named(const std::vector<PlanEntry>& entries, const std::string& name)
    {
        return *std::ranges::find(entries, name, &PlanEntry::name);
    }
    void expect_moved(std::uint64_t inode)
    {
        EXPECT_EQ(world.read_link(redis_origin), redis_destination);
        EXPECT_EQ(world.attributes(redis_destination).kind, Kind::directory);
        EXPECT_EQ(world.attributes(redis_destination).inode, inode);
        EXPECT_EQ(world.read(std::string(redis_destination) + "/dump.rdb"), "precious");
        EXPECT_EQ(world.read(std::string(redis_destination) + "/sub/more"), "more of it");
        EXPECT_TRUE(world.verify().empty());
        EXPECT_FALSE(has_changes(world.plan()));
    }
    // Another name of a file of an entry whose owners nobody changes: it is copied.
    void expect_copied_with_a_name_outside()
    {
        world.make_hard_link("/var/lib/another name", "/var/lib/plain/file");
        EXPECT_FALSE(planned("plain").exchange);
        EXPECT_EQ(world.apply().outcome, Outcome::done);
        EXPECT_EQ(world.read_link("/var/lib/plain"), plain_destination);
        EXPECT_EQ(world.read(std::string(plain_destination) + "/file"), "plain");
        EXPECT_NE(world.attributes(std::string(plain_destination) + "/file").inode,
                  world.attributes("/var/lib/another name").inode);
        EXPECT_FALSE(has_changes(world.plan()));
    }
    [[nodiscard]] std::uint64_t inode() const { return world.attributes(redis_origin).inode; }

    EngineWorld world;

private:
    Plan plan_;
};

TEST_F(OneFilesystem, IsRenamedAndNotCopied)
{
    const std::uint64_t root = inode(), file = world.attributes("/var/lib/redis/dump.rdb").inode;
    EXPECT_TRUE(planned("redis").exchange);
    EXPECT_THAT(planned("redis").reason, testing::HasSubstr("one filesystem"));
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").inode, file);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner, (Owner{Uid{101}, Gid{101}}));
    expect_moved(root);
}

TEST_F(OneFilesystem, TakesThePlaceOfAnEmptyDestination)
{
    const std::uint64_t root = inode();
    world.make_directory(redis_destination, Mode{0755}, {});
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    expect_moved(root);
}

TEST_F(OneFilesystem, NeedsNoSpace)
{
    FilesystemFacts full;
    full.type = "ext4";
    full.free_bytes = 0;
    full.free_inodes = 10;
    world.fake.set_facts("/", full);
    EXPECT_EQ(planned("redis").decision, Decision::move);
}

TEST_F(OneFilesystem, FinishesAnExchangeThatWasCutOff)
{
    const std::uint64_t root = inode();
    world.make_link(redis_destination, redis_destination);
    EXPECT_TRUE(planned("redis").exchange);
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    expect_moved(root);
}

// The next run does not want to exchange any more.
TEST_F(OneFilesystem, RemovesTheLinkOfAnExchangeThatWasCutOff)
{
    world.make_link(plain_destination, plain_destination);
    expect_copied_with_a_name_outside();
}

TEST_F(OneFilesystem, LeavesAnotherLinkAtTheDestinationAlone)
{
    world.make_link(redis_destination, "/srv/redis");
    EXPECT_EQ(planned("redis").code, "destination.link");
}

TEST_F(OneFilesystem, CopiesWhereTheKernelRefuses)
{
    for (const int number : {EXDEV, EINVAL, EPERM}) {
        EngineWorld other;
        other.put_volume_on_root();
        const std::uint64_t root = other.attributes(redis_origin).inode;
        other.fake.set_hook([&](std::string_view call, std::string_view path) {
            return call == "renameat2" && path == redis_origin ? number : 0;
        });
        EXPECT_EQ(other.apply().outcome, Outcome::done) << number;
        other.fake.set_hook({});
        EXPECT_NE(other.attributes(redis_destination).inode, root);
        EXPECT_EQ(other.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
        EXPECT_EQ(other.read_link(redis_origin), redis_destination);
        EXPECT_FALSE(has_changes(other.plan()));
    }
}

// A service could give itself, by a name in its directory, a file of somebody else's.
TEST_F(OneFilesystem, CopiesWhatHasNamesOutside)
{
    expect_copied_with_a_name_outside();
}

TEST_F(OneFilesystem, KeepsNamesOfOneFileInside)
{
    world.make_hard_link("/var/lib/redis/sub/again", "/var/lib/redis/dump.rdb");
    const std::uint64_t root = inode();
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    expect_moved(root);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/sub/again").inode,
              world.attributes("/var/mail-state/lib-redis/dump.rdb").inode);
}

TEST_F(OneFilesystem, IsAnotherForANetworkFilesystem)
{
    FilesystemFacts share;
    share.type = "nfs4";
    share.kind = FilesystemClass::network;
    share.free_bytes = 1U << 30U;
    share.free_inodes = 1000;
    world.fake.set_facts("/", share);
    EXPECT_FALSE(planned("redis").exchange);
}

TEST_F(OneFilesystem, RollsBackByACopy)
{
    ASSERT_EQ(world.apply().outcome, Outcome::done);
    const std::uint64_t kept = world.attributes(redis_destination).inode;
    EXPECT_EQ(world.roll_back().outcome, Outcome::done);
    EXPECT_EQ(world.attributes(redis_destination).inode, kept);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
    EXPECT_NE(inode(), kept);
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read_link(redis_origin), redis_destination);
}

TEST_F(OneFilesystem, SaysThatSelinuxLabelsStay)
{
    FilesystemFacts labelled;
    labelled.type = "ext4";
    labelled.options = "rw,relatime,seclabel";
    labelled.free_bytes = 1U << 30U;
    labelled.free_inodes = 1000;
    world.fake.set_facts("/", labelled);
    const Report report = world.apply();
    ASSERT_TRUE(has_finding(report.findings, "entry.labels-stay"));
    const auto found = std::ranges::find(report.findings, std::string("entry.labels-stay"), &Finding::code);
    EXPECT_THAT(found->hint, testing::HasSubstr("restorecon -R /var/mail-state/lib-redis"));
}

}  // namespace
