// SPDX-License-Identifier: MIT
#include "posix/held_place.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include "unit/posix/recorded.hpp"

namespace mailstate {
namespace {

using ::testing::UnorderedElementsAre;

MountTable table(const std::string& text)
{
    return *parse_mountinfo(text);
}

// A host: one disk, a volume, and the volume's redis shown once more below /srv.
MountTable host()
{
    return table(
        "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 8:2 / /var/mail-state rw - ext4 /dev/sda2 rw\n"
        "3 1 8:1 /var/lib/redis /srv/again rw - ext4 /dev/sda1 rw\n"
        "4 1 0:30 /@/data /data rw - btrfs /dev/sdb rw,subvol=/@/data\n");
}

// A container of that host: its own root, and the host's /var/lib/redis bound to another path.
MountTable container()
{
    return table(
        "10 9 0:50 / / rw - overlay overlay rw,lowerdir=/l\n"
        "11 10 8:1 /var/lib/redis /data rw - ext4 /dev/sda1 rw\n"
        "12 10 8:1 /var/lib /everything rw - ext4 /dev/sda1 rw\n"
        "13 12 0:60 / /everything/redis rw - tmpfs tmpfs rw\n");
}

const InnerPlace redis{makedev(8, 1), "/var/lib/redis"};

TEST(InnerPlace, IsThePathInsideTheFilesystem)
{
    EXPECT_EQ(inner_place(host(), "/var/lib/redis"), redis);
    EXPECT_EQ(inner_place(host(), "/srv/again"), redis);
    EXPECT_EQ(inner_place(host(), "/srv/again/dump.rdb"), (InnerPlace{makedev(8, 1), "/var/lib/redis/dump.rdb"}));
    EXPECT_EQ(inner_place(host(), "/var/mail-state/lib-redis"), (InnerPlace{makedev(8, 2), "/lib-redis"}));
    EXPECT_EQ(inner_place(host(), "/data/x"), (InnerPlace{makedev(0, 30), "/@/data/x"}));
    EXPECT_EQ(inner_place(host(), "/"), (InnerPlace{makedev(8, 1), "/"}));
}

TEST(InnerPlace, IsUnknownWhereNoMountCoversIt)
{
    EXPECT_EQ(inner_place(MountTable(), "/var/lib/redis"), std::nullopt);
    const MountTable below_only = table("11 10 8:1 /var/lib/redis /data rw - ext4 /dev/sda1 rw\n");
    EXPECT_EQ(inner_place(below_only, "/var/lib/redis"), std::nullopt);
    EXPECT_EQ(inner_place(below_only, "/data/x"), (InnerPlace{makedev(8, 1), "/var/lib/redis/x"}));
}

TEST(InnerPlace, IsFoundInARecordedTable)
{
    const MountTable docker = table(recorded("mountinfo_docker"));
    const auto hosts = inner_place(docker, "/etc/hosts");
    ASSERT_TRUE(hosts);
    EXPECT_TRUE(hosts->path.ends_with("/hosts")) << hosts->path;
    EXPECT_NE(hosts->path, "/etc/hosts");
}

TEST(WaysTo, AreAllPathsThatLeadThere)
{
    EXPECT_THAT(ways_to(host(), redis), UnorderedElementsAre("/var/lib/redis", "/srv/again"));
    EXPECT_THAT(ways_to(container(), redis), UnorderedElementsAre("/data", "/everything/redis"));
    EXPECT_THAT(ways_to(container(), {makedev(8, 1), "/var"}), UnorderedElementsAre("/data", "/everything"));
    EXPECT_TRUE(ways_to(container(), {makedev(8, 9), "/var/lib/redis"}).empty());
}

TEST(PlaceInView, HoldsWhatLeadsToThePlaceByAnyPath)
{
    const PlaceInView view({"/", host()}, redis);
    for (const char* text : {"/var/lib/redis", "/var/lib/redis/dump.rdb", "/srv/again", "/srv/again/a (deleted)"})
        EXPECT_TRUE(view.holds(text)) << text;
    for (const char* text : {"/var/lib/redis2", "/var/lib", "/", "/var/mail-state/var/lib/redis", "socket:[17]", ""})
        EXPECT_FALSE(view.holds(text)) << text;
}

TEST(PlaceInView, KnowsTheSameTextOfAnotherNamespaceForAnotherPlace)
{
    const PlaceInView view({"/", container()}, redis);
    EXPECT_FALSE(view.holds("/var/lib/redis"));
    EXPECT_FALSE(view.holds("/var/lib/redis/dump.rdb"));
    EXPECT_TRUE(view.holds("/data/dump.rdb"));
}

TEST(PlaceInView, DoesNotLookThroughWhatIsMountedOver)
{
    const PlaceInView view({"/", container()}, redis);
    EXPECT_FALSE(view.holds("/everything/redis/dump.rdb"));
}

TEST(PlaceInView, TakesTheRootOfAProcessOffTheText)
{
    const PlaceInView view({"/jail", container()}, redis);
    EXPECT_TRUE(view.holds("/jail/data/dump.rdb"));
    EXPECT_FALSE(view.holds("/data/dump.rdb"));
    EXPECT_FALSE(view.holds("/jail"));
    const PlaceInView whole({"/jail", table("11 10 8:1 /var/lib/redis / rw - ext4 /dev/sda1 rw\n")}, redis);
    EXPECT_TRUE(whole.holds("/jail"));
    EXPECT_TRUE(whole.holds("/jail/dump.rdb"));
}

TEST(PlaceInView, TellsTwoFilesystemsWithTheSamePathsApart)
{
    const MountTable other = table("1 1 8:7 / / rw - ext4 /dev/sdc1 rw\n");
    EXPECT_FALSE(PlaceInView({"/", other}, redis).holds("/var/lib/redis/dump.rdb"));
}

}  // namespace
}  // namespace mailstate
