// SPDX-License-Identifier: MIT
#include "model/storage_names.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

TEST(StorageNames, AreThoseOfTheListAndOfTheLayout)
{
    const std::vector<std::string> further{".mine", ".old-*"};
    for (const char* name : {"lost+found", ".snapshot", ".snapshots", ".zfs", "@eaDir", "#recycle", ".trashcan",
                             ".Trash-1000", ".glusterfs", ".DS_Store", ".mine", ".old-1"})
        EXPECT_TRUE(is_storage_name(name, further)) << name;
    for (const char* name : {"dump.rdb", ".Trash", "lost+found2", ".mine2", "old-1", ""})
        EXPECT_FALSE(is_storage_name(name, further)) << name;
    EXPECT_FALSE(is_storage_name(".mine", {}));
}

TEST(StorageNames, TellFilesThatWereRemovedWhileTheyWereOpen)
{
    for (const char* name : {".nfs000000000012d6870000e1c8", ".fuse_hidden0000000100000001"})
        EXPECT_TRUE(is_removed_but_open(name)) << name;
    for (const char* name : {".nfs", ".nfs-settings", "nfs01", ".fuse_hidden", ".fuse_hiddenx"})
        EXPECT_FALSE(is_removed_but_open(name)) << name;
}

}  // namespace
}  // namespace mailstate
