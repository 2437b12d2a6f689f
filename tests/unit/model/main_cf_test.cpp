// SPDX-License-Identifier: MIT
#include "model/main_cf.hpp"

#include <gmock/gmock.h>

namespace mailstate {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(MainCf, FindsTheLastLineThatSetsAParameter)
{
    const char* const text =
        "# message_size_limit = 1\n"
        "message_size_limit = 2\r\n"
        "mailbox_size_limit=3\n"
        "message_size_limit =\n"
        "    4\n";
    EXPECT_THAT(main_cf_value(text, "message_size_limit"), Optional(Eq("4")));
    EXPECT_THAT(main_cf_value(text, "mailbox_size_limit"), Optional(Eq("3")));
    EXPECT_EQ(main_cf_value(text, "size_limit"), std::nullopt);
    EXPECT_EQ(main_cf_value("", "size_limit"), std::nullopt);
}

TEST(MainCf, ContinuesALineAfterCommentsInBetween)
{
    EXPECT_THAT(main_cf_value("a = b\n# c\n\n\td\ne = f\n g", "a"), Optional(Eq("b d")));
}

TEST(MainCf, KeepsOneAndAHalfMessagesFree)
{
    EXPECT_EQ(queue_headroom("message_size_limit = 100000000\n"), 150'000'000U);
    EXPECT_EQ(queue_headroom(""), 15'360'000U);
    EXPECT_EQ(queue_headroom("message_size_limit = 0\n"), 15'360'000U);
    EXPECT_EQ(queue_headroom("message_size_limit = $other\n"), 15'360'000U);
    EXPECT_EQ(queue_headroom("message_size_limit = 18446744073709551615\n"), 18446744073709551615ULL);
}

}  // namespace
}  // namespace mailstate
