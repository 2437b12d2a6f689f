// SPDX-License-Identifier: MIT
#include "fs/digest.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

TEST(Digest, OfNothingIsTheOneThatXxhashPublishes)
{
    EXPECT_EQ(to_text(digest_of("")), "xxh128:99aa06d3014798d86001c324468d497f");
}

TEST(Digest, TellsContentApart)
{
    EXPECT_EQ(digest_of("state"), digest_of("state"));
    EXPECT_NE(digest_of("state"), digest_of("State"));
}

TEST(Digest, IsReadBack)
{
    const Digest digest{0x0123456789abcdef, 7};
    EXPECT_EQ(to_text(digest), "xxh128:0123456789abcdef0000000000000007");
    Digest read;
    ASSERT_TRUE(from_text(to_text(digest), read));
    EXPECT_EQ(read, digest);
}

TEST(Digest, IsReadFromNothingElse)
{
    const Digest before{1, 2};
    auto read = before;
    for (const auto* text :
         {"", "xxh128:", "0123456789abcdef0123456789abcdef", "xxh128:0123456789abcdef0123456789abcde",
          "xxh128:0123456789abcdef0123456789abcdef0", "xxh128:0123456789abcdeg0123456789abcdef",
          "xxh128:0123456789abcdef-123456789abcdef", "xxh128:0123456789abcdef 123456789abcdef",
          "xxh128:0x23456789abcdef0123456789abcdef", "sha256:0123456789abcdef0123456789abcdef"}) {
        EXPECT_FALSE(from_text(text, read)) << text;
        EXPECT_EQ(read, before) << text;
    }
}

}  // namespace
}  // namespace mailstate
