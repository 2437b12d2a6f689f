// SPDX-License-Identifier: MIT
#include "posix/id_map.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

TEST(IdMap, ReadsTheRangesOfAUserNamespace)
{
    const auto ranges = parse_id_map("         0       1000          1\n         1     100000      65536\n");
    ASSERT_TRUE(ranges);
    ASSERT_EQ(ranges->size(), 2U);
    EXPECT_EQ(ranges->at(0).outside, 1000U);
    EXPECT_EQ(ranges->at(1).inside, 1U);
    EXPECT_EQ(ranges->at(1).outside, 100000U);
    EXPECT_EQ(ranges->at(1).count, 65536U);
}

TEST(IdMap, ReadsTheInitialNamespace)
{
    const auto ranges = parse_id_map("         0          0 4294967295\n");
    ASSERT_TRUE(ranges);
    EXPECT_EQ(ranges->at(0).count, 4294967295U);
}

TEST(IdMap, IsEmptyBeforeItIsWritten)
{
    const auto ranges = parse_id_map("");
    ASSERT_TRUE(ranges);
    EXPECT_TRUE(ranges->empty());
}

TEST(IdMap, NamesTheLineThatIsNone)
{
    for (const auto* line : {"", "0 0", "0 0 1 1", "0 x 1", "0 0 4294967296"}) {
        const auto ranges = parse_id_map("0 0 1\n" + std::string(line) + "\n");
        ASSERT_FALSE(ranges) << line;
        EXPECT_EQ(ranges.error().subject, "id_map:2");
    }
}

}  // namespace
}  // namespace mailstate
