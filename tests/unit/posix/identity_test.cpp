// SPDX-License-Identifier: MIT
#include "mailstate/posix/identity.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

constexpr const char* passwd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "postfix:x:101:103::/var/spool/postfix:/usr/sbin/nologin\n"
    "_rspamd:x:105:107:rspamd spam filtering system,,,:/var/lib/rspamd:/usr/sbin/nologin\n";

constexpr const char* group =
    "root:x:0:\n"
    "postfix:x:103:\n"
    "postdrop:x:104:postfix,daemon\n";

TEST(Identities, AreFoundByName)
{
    const auto ids = parse_identities(passwd, group);
    EXPECT_EQ(find_user(ids, "postfix"), Uid{101});
    EXPECT_EQ(find_user(ids, "_rspamd"), Uid{105});
    EXPECT_EQ(find_group(ids, "postfix"), Gid{103});
    EXPECT_EQ(find_group(ids, "postdrop"), Gid{104});
    EXPECT_EQ(ids.users.size(), 4U);
    EXPECT_EQ(ids.groups.size(), 3U);
}

TEST(Identities, WithoutANameAreNothing)
{
    const auto ids = parse_identities(passwd, group);
    EXPECT_EQ(find_user(ids, "redis"), std::nullopt);
    EXPECT_EQ(find_user(ids, "postdrop"), std::nullopt);
    EXPECT_EQ(find_group(ids, "daemon"), std::nullopt);
    EXPECT_EQ(find_user(ids, ""), std::nullopt);
}

TEST(Identities, AreNamedByNumber)
{
    const auto ids = parse_identities(passwd, group);
    EXPECT_EQ(user_name(ids, Uid{101}), "postfix");
    EXPECT_EQ(group_name(ids, Gid{104}), "postdrop");
    EXPECT_EQ(owner_name(ids, {Uid{101}, Gid{104}}), "postfix:postdrop");
    EXPECT_EQ(owner_name(ids, {Uid{999}, Gid{998}}), "999:998");
}

TEST(Identities, PassOverCommentsNisAndEmptyLines)
{
    const auto ids = parse_identities("# users\n\n+::::::\n+nis:x:5:5:::\n-gone:x:6:6:::\n   \nredis:x:7:7:::\n",
                                      "#\n+:::\nredis:x:7:\n");
    EXPECT_EQ(ids.users.size(), 1U);
    EXPECT_EQ(ids.groups.size(), 1U);
    EXPECT_EQ(find_user(ids, "redis"), Uid{7});
}

TEST(Identities, PassOverBrokenLines)
{
    const auto ids = parse_identities(
        "a\na:x\na:x:1\na:x::1:::\na:x:1::::\na:x:one:1:::\na:x:-1:1:::\na:x:0x1:1:::\na:x: 1:1:::\n:x:1:1:::\n",
        "a:x\na:x:\n");
    EXPECT_TRUE(ids.users.empty());
    EXPECT_TRUE(ids.groups.empty());
}

TEST(Identities, RefuseNumbersThatChownTakesForNoChange)
{
    const auto ids =
        parse_identities("a:x:4294967295:0:::\nb:x:4294967294:0:::\nc:x:4294967296:0:::\nd:x:1:4294967295:::\n",
                         "a:x:4294967295:\nb:x:4294967294:\n");
    EXPECT_EQ(ids.users.size(), 1U);
    EXPECT_EQ(find_user(ids, "b"), Uid{4294967294U});
    EXPECT_EQ(find_group(ids, "a"), std::nullopt);
    EXPECT_EQ(find_group(ids, "b"), Gid{4294967294U});
}

TEST(Identities, TakeTheFirstLineOfAName)
{
    const auto ids = parse_identities("a:x:1:1:::\na:x:2:2:::\n", "a:x:3:\na:x:4:\n");
    EXPECT_EQ(find_user(ids, "a"), Uid{1});
    EXPECT_EQ(find_group(ids, "a"), Gid{3});
}

TEST(Identities, NeedNoNewlineAtTheEnd)
{
    const auto ids = parse_identities("a:x:1:1:::", "a:x:3:");
    EXPECT_EQ(find_user(ids, "a"), Uid{1});
    EXPECT_EQ(find_group(ids, "a"), Gid{3});
}

TEST(Identities, ReadFilesWithCarriageReturns)
{
    const auto ids = parse_identities("a:x:1:1:::\r\nb:x:2:2:::\r\n", "a:x:3:\r\nb:x:4\r\n");
    EXPECT_EQ(find_user(ids, "b"), Uid{2});
    EXPECT_EQ(find_group(ids, "a"), Gid{3});
    EXPECT_EQ(find_group(ids, "b"), Gid{4});
}

TEST(Identities, TakeAnyBytes)
{
    std::string bytes;
    for (int round = 0; round < 4; ++round) {
        for (int byte = 255; byte >= 0; --byte) bytes += static_cast<char>(byte);
    }
    EXPECT_EQ(parse_identities(bytes, bytes), Identities{});
    const auto ids = parse_identities(bytes + "\na:x:1:1:::\n", bytes);
    EXPECT_EQ(find_user(ids, "a"), Uid{1});
}

}  // namespace
}  // namespace mailstate
