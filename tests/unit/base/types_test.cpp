// SPDX-License-Identifier: MIT
#include "mailstate/base/types.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

TEST(Kind, HasANameForMessages)
{
    EXPECT_EQ(name_of(Kind::regular), "file");
    EXPECT_EQ(name_of(Kind::directory), "directory");
    EXPECT_EQ(name_of(Kind::symlink), "link");
    EXPECT_EQ(name_of(Kind::fifo), "fifo");
    EXPECT_EQ(name_of(Kind::socket), "socket");
    EXPECT_EQ(name_of(Kind::char_device), "character device");
    EXPECT_EQ(name_of(Kind::block_device), "block device");
}

TEST(Attributes, AreOfOneInodeWhereNumberAndDeviceAgree)
{
    Attributes a, b;
    a.inode = b.inode = 7;
    a.device = b.device = 1;
    EXPECT_TRUE(same_inode(a, b));
    b.device = 2;
    EXPECT_FALSE(same_inode(a, b));
}

}  // namespace
}  // namespace mailstate
