// SPDX-License-Identifier: MIT
#include "fs/filesystem_facts.hpp"

#include <gtest/gtest.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <limits>

#include "mailstate/fs/durability.hpp"

namespace mailstate {
namespace {

TEST(FilesystemClass, FollowsFromTheTypesName)
{
    for (const auto* type : {"ext4", "xfs", "btrfs", "zfs", "f2fs", "vfat", "nfsd", ""})
        EXPECT_EQ(class_of_type(type), FilesystemClass::local) << type;
    for (const auto* type : {"nfs", "nfs4", "cifs", "smb3", "ceph", "afs", "glusterfs", "fuse.glusterfs", "fuse.sshfs"})
        EXPECT_EQ(class_of_type(type), FilesystemClass::network) << type;
    for (const auto* type : {"fuse", "fuseblk", "fuse.bindfs", "fuse.mergerfs"})
        EXPECT_EQ(class_of_type(type), FilesystemClass::fuse) << type;
    for (const auto* type : {"virtiofs", "9p", "fakeowner"})
        EXPECT_EQ(class_of_type(type), FilesystemClass::shared) << type;
    for (const auto* type : {"tmpfs", "ramfs"}) EXPECT_EQ(class_of_type(type), FilesystemClass::memory) << type;
    EXPECT_EQ(class_of_type("overlay"), FilesystemClass::overlay);
}

TEST(FilesystemClass, HasAName)
{
    EXPECT_EQ(name_of(FilesystemClass::local), "local");
    EXPECT_EQ(name_of(FilesystemClass::network), "network");
    EXPECT_EQ(name_of(FilesystemClass::overlay), "overlay");
    EXPECT_EQ(name_of(FilesystemClass::memory), "memory");
    EXPECT_EQ(name_of(FilesystemClass::fuse), "fuse");
    EXPECT_EQ(name_of(FilesystemClass::shared), "shared");
}

TEST(FilesystemType, IsKnownByItsMagicNumber)
{
    EXPECT_EQ(type_of_magic(0x6969), "nfs");
    EXPECT_EQ(type_of_magic(0xef53), "ext4");
    EXPECT_EQ(type_of_magic(0x58465342), "xfs");
    EXPECT_EQ(type_of_magic(0x9123683e), "btrfs");
    EXPECT_EQ(type_of_magic(0x65735546), "fuse");
    EXPECT_EQ(type_of_magic(0xff534d42), "cifs");
    EXPECT_EQ(type_of_magic(0x1234), "0x00001234");
}

TEST(Durability, IsTrustedOnTypesThatAreKnown)
{
    const auto of = [](const char* type, const char* options = "rw") {
        FilesystemFacts facts;
        facts.type = type;
        facts.options = options;
        return durable_on(facts);
    };
    for (const auto* type : {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "tmpfs", "zfs", "overlay"})
        EXPECT_EQ(of(type), Durable::no) << type;
    for (const auto* type : {"nfs", "nfs4", "cifs", "fuse", "fuseblk", "fuse.anything", "fuse.ext4", "9p", "virtiofs",
                             "vfat", "ramfs", "ext5", "0x12345678", ""})
        EXPECT_EQ(of(type), Durable::yes) << type;
    EXPECT_EQ(of("overlay", "rw,relatime,rw,lowerdir=/a,volatile"), Durable::yes);
}

TEST(Durability, SeesAnOverlayThatNeverSyncs)
{
    FilesystemFacts facts;
    facts.type = "overlay";
    for (const auto* options : {"rw,volatile", "volatile", "rw,fsync=volatile,xino=off"}) {
        facts.options = options;
        EXPECT_TRUE(is_volatile(facts)) << options;
    }
    for (const auto* options : {"rw", "rw,fsync=auto", "rw,lowerdir=/volatile", "rw,lowerdir=/a:/fsync=volatile"}) {
        facts.options = options;
        EXPECT_FALSE(is_volatile(facts)) << options;
    }
    facts.type = "ext4";
    facts.options = "rw,volatile";
    EXPECT_FALSE(is_volatile(facts));
}

TEST(Holes, AreBelievedOnTypesThatHaveNeverLied)
{
    struct statfs found {};
    for (const auto magic : {0xef53L, 0x58465342L, 0x9123683eL, 0x01021994L}) {
        found.f_type = magic;
        EXPECT_TRUE(tells_true_holes(found)) << std::hex << magic;
    }
    for (const auto magic : {0x2fc12fc1L, 0x794c7630L, 0x6969L, 0x65735546L, 0xf2f52010L, 0L}) {
        found.f_type = magic;
        EXPECT_FALSE(tells_true_holes(found)) << std::hex << magic;
    }
}

TEST(FilesystemFacts, ComeFromTheMountTableFirst)
{
    struct statfs found {};
    found.f_type = 0x65735546;
    Mount mount;
    mount.fs_type = "fuse.sshfs";
    mount.source = "user@server:/";
    mount.options = "rw,nosuid,rw,user_id=0";
    mount.nosuid = true;
    const auto facts = facts_from(found, &mount);
    EXPECT_EQ(facts.type, "fuse.sshfs");
    EXPECT_EQ(facts.kind, FilesystemClass::network);
    EXPECT_EQ(facts.source, "user@server:/");
    EXPECT_EQ(facts.options, "rw,nosuid,rw,user_id=0");
    EXPECT_TRUE(facts.nosuid);
    EXPECT_FALSE(facts.read_only);
}

TEST(FilesystemFacts, WithoutALineAreThoseOfStatfs)
{
    struct statfs found {};
    found.f_type = 0x6969;
    found.f_flags = ST_RDONLY | ST_NOSUID;
    const auto facts = facts_from(found, nullptr);
    EXPECT_EQ(facts.type, "nfs");
    EXPECT_EQ(facts.kind, FilesystemClass::network);
    EXPECT_TRUE(facts.read_only);
    EXPECT_TRUE(facts.nosuid);
}

TEST(FilesystemFacts, CountFreeSpaceInFragments)
{
    struct statfs found {};
    found.f_bsize = 1 << 20;  // NFS: the transfer size
    found.f_frsize = 4096;
    found.f_blocks = 20;
    found.f_bavail = 10;
    found.f_files = 100;
    found.f_ffree = 3;
    EXPECT_EQ(facts_from(found, nullptr).free_bytes, 40960U);
    EXPECT_EQ(facts_from(found, nullptr).free_inodes, 3U);
    found.f_frsize = 0;
    EXPECT_EQ(facts_from(found, nullptr).free_bytes, 10U << 20U);
}

TEST(FilesystemFacts, HaveUnknownSpaceWhereNoBlocksAreCounted)
{
    struct statfs found {};
    found.f_bsize = 4096;  // ramfs, and much of FUSE
    EXPECT_EQ(facts_from(found, nullptr).free_bytes, std::numeric_limits<std::uint64_t>::max());
    found.f_blocks = 20;
    EXPECT_EQ(facts_from(found, nullptr).free_bytes, 0U);
}

TEST(FilesystemFacts, HaveInodesWithoutEndWhereTheyAreNotCounted)
{
    struct statfs found {};
    found.f_type = 0x9123683e;
    EXPECT_EQ(facts_from(found, nullptr).free_inodes, std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace mailstate
