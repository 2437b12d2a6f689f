// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include "mailstate/posix/mount_table.hpp"
#include "unit/posix/recorded.hpp"

namespace mailstate {
namespace {

const Mount& find_id(const MountTable& table, int id)
{
    for (const auto& mount : table.all()) {
        if (mount.id == id) return mount;
    }
    throw std::runtime_error("no mount " + std::to_string(id));
}

TEST(Mountinfo, ReadsEveryFieldOfALine)
{
    const auto table =
        parse_mountinfo("36 35 98:5 /mnt1 /mnt2 rw,noatime shared:3 master:1 - ext3 /dev/root rw,errors=continue\n");
    ASSERT_TRUE(table);
    ASSERT_EQ(table->all().size(), 1U);
    const auto& mount = table->all().front();
    EXPECT_EQ(mount.id, 36);
    EXPECT_EQ(mount.parent, 35);
    EXPECT_EQ(mount.device, makedev(98, 5));
    EXPECT_EQ(mount.subtree, "/mnt1");
    EXPECT_EQ(mount.mount_point, "/mnt2");
    EXPECT_EQ(mount.fs_type, "ext3");
    EXPECT_EQ(mount.source, "/dev/root");
    EXPECT_EQ(mount.options, "rw,noatime,rw,errors=continue");
    EXPECT_FALSE(mount.read_only);
    EXPECT_FALSE(mount.nosuid);
}

TEST(Mountinfo, ReadsAContainersTable)
{
    const auto table = parse_mountinfo(recorded("mountinfo_docker"));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->all().size(), 18U);
    const auto& state = find_id(*table, 1054);
    EXPECT_EQ(state.subtree, "/srv/mail/mail-state");
    EXPECT_EQ(state.mount_point, "/var/mail-state");
    EXPECT_EQ(state.source, "/dev/sda1");
}

TEST(Mountinfo, ReadsANetworkVolume)
{
    const auto table = parse_mountinfo(recorded("mountinfo_kubernetes"));
    ASSERT_TRUE(table);
    const auto& state = find_id(*table, 2122);
    EXPECT_EQ(state.fs_type, "nfs4");
    EXPECT_EQ(state.source, "10.0.0.7:/export/pvc-0be1");
    EXPECT_EQ(state.subtree, "/pvc-0be1/state");
}

TEST(Mountinfo, UndoesEscapes)
{
    const auto table = parse_mountinfo(recorded("mountinfo_host"));
    ASSERT_TRUE(table) << describe(table.error());
    EXPECT_EQ(find_id(*table, 32).mount_point, "/srv/mail state");
    EXPECT_EQ(find_id(*table, 33).mount_point, "/srv/back\\slash");
    EXPECT_EQ(find_id(*table, 34).mount_point, "/srv/tab\thash#line\nend");
    EXPECT_EQ(find_id(*table, 37).mount_point, "/var/lib/nfs\\");
}

TEST(Mountinfo, UndoesAnEscapedBackslashOnlyOnce)
{
    const auto table = parse_mountinfo("1 0 0:1 / /a\\134040b\\09\\4 rw - tmpfs x rw\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->all().front().mount_point, "/a\\040b\\09\\4");
}

TEST(Mountinfo, PassesOverAnyNumberOfOptionalFields)
{
    const auto table = parse_mountinfo(recorded("mountinfo_host"));
    ASSERT_TRUE(table);
    EXPECT_EQ(find_id(*table, 32).fs_type, "ext4");  // four of them
    EXPECT_EQ(find_id(*table, 36).fs_type, "ext4");  // none
}

TEST(Mountinfo, TakesAnEmptySource)
{
    const auto table = parse_mountinfo(recorded("mountinfo_host"));
    ASSERT_TRUE(table);
    EXPECT_EQ(find_id(*table, 33).source, "");
    EXPECT_EQ(find_id(*table, 33).options, "rw,nosuid,relatime,rw,size=1024k");
}

TEST(Mountinfo, KnowsThatExt4IsReadOnlyAfterAnError)
{
    const auto table = parse_mountinfo("1 0 7:1 / /a rw,noatime - ext4 /dev/loop1 rw,errors=remount-ro,emergency_ro\n");
    ASSERT_TRUE(table);
    EXPECT_TRUE(find_id(*table, 1).read_only);
}

TEST(Mountinfo, KnowsReadOnlyAndNosuidOfMountAndSuperblock)
{
    const auto table = parse_mountinfo(
        "1 0 0:1 / / rw - tmpfs a rw\n"
        "2 1 0:2 / /b ro,relatime - tmpfs b rw\n"
        "3 1 0:3 / /c rw,nosuid - tmpfs c ro,size=1\n"
        "4 1 0:4 / /d rw,errors=remount-ro - tmpfs d rw,x=ro\n");
    ASSERT_TRUE(table);
    EXPECT_FALSE(find_id(*table, 1).read_only);
    EXPECT_TRUE(find_id(*table, 2).read_only);
    EXPECT_TRUE(find_id(*table, 3).read_only);
    EXPECT_TRUE(find_id(*table, 3).nosuid);
    EXPECT_FALSE(find_id(*table, 2).nosuid);
    EXPECT_FALSE(find_id(*table, 4).read_only);
}

TEST(Mountinfo, OfNothingIsAnEmptyTable)
{
    const auto table = parse_mountinfo("");
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->all().empty());
    EXPECT_EQ(table->covering("/"), nullptr);
    EXPECT_EQ(table->at("/"), nullptr);
    EXPECT_TRUE(table->below("/").empty());
}

TEST(Mountinfo, NeedsNoNewlineAtTheEnd)
{
    const auto table = parse_mountinfo("1 0 0:1 / / rw - tmpfs a rw\n2 1 0:2 / /b ro - tmpfs b rw");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->all().size(), 2U);
}

TEST(Mountinfo, NamesTheLineThatIsNone)
{
    const std::string good = "1 0 0:1 / / rw - tmpfs a rw\n";
    const std::string bad[] = {
        "garbage",
        "",
        "2 1 0:2 / /b rw",
        "2 1 0:2 / /b rw - tmpfs",
        "2 1 0:2 / /b - tmpfs b rw",
        "2 1 0:2 / b rw - tmpfs b rw",
        "2 1 0:2 /  rw - tmpfs b rw",
        "x 1 0:2 / /b rw - tmpfs b rw",
        "2 -1 0:2 / /b rw - tmpfs b rw",
        "2 1 02 / /b rw - tmpfs b rw",
        "2 1 0: / /b rw - tmpfs b rw",
        "2 1 0:2 / /b rw -  b rw",
        "99999999999 1 0:2 / /b rw - tmpfs b rw",
        std::string("\0\0\0", 3),
    };
    for (const auto& line : bad) {
        const auto table = parse_mountinfo(good + line + '\n');
        ASSERT_FALSE(table) << line;
        EXPECT_EQ(table.error().subject, "mountinfo:2");
        EXPECT_EQ(table.error().number, 0);
    }
}

}  // namespace
}  // namespace mailstate
