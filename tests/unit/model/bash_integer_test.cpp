// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

std::int64_t value_of(std::string_view text, const Variables& variables = {})
{
    const auto value = bash_integer(text, variables);
    if (!value) ADD_FAILURE() << text << ": " << value.error().message;
    return value ? *value : -999;
}

std::string error_of(std::string_view text, const Variables& variables = {})
{
    const auto value = bash_integer(text, variables);
    EXPECT_FALSE(value) << text;
    return value ? "" : value.error().message;
}

TEST(BashInteger, ReadsAllBases)
{
    EXPECT_EQ(value_of("42"), 42);
    EXPECT_EQ(value_of("010"), 8);
    EXPECT_EQ(value_of("0x1F"), 31);
    EXPECT_EQ(value_of("2#101"), 5);
    EXPECT_EQ(value_of("36#z"), 35);
    EXPECT_EQ(value_of("62#Z"), 61);
    EXPECT_EQ(value_of("64#_"), 63);
    EXPECT_EQ(value_of("-0x10"), -16);
    EXPECT_EQ(value_of(" + 7\n"), 7);
}

TEST(BashInteger, IsZeroForNothingAndForNamesThatAreNotSet)
{
    for (const char* nothing : {"", " \t\n", "true", "on", "UNSET"}) EXPECT_EQ(value_of(nothing), 0) << nothing;
}

TEST(BashInteger, LooksNamesUpAgainAndAgain)
{
    EXPECT_EQ(value_of("A", {{"A", " B "}, {"B", "0x10"}}), 16);
    EXPECT_EQ(value_of("EMPTY", {{"EMPTY", ""}}), 0);
    Variables chain = {{"N1022", "7"}};
    for (int i = 0; i < 1022; ++i) chain["N" + std::to_string(i)] = "N" + std::to_string(i + 1);
    EXPECT_EQ(value_of("N0", chain), 7);
}

TEST(BashInteger, WrapsLikeSixtyFourBits)
{
    EXPECT_EQ(value_of("9223372036854775808"), INT64_MIN);
    EXPECT_EQ(value_of("-9223372036854775808"), INT64_MIN);
}

TEST(BashInteger, ComputesNothing)
{
    for (const char* text : {"1+0", "(1)", "1 1", "A=1", "A++", "A[$(id)]", "!0", "-A", "--1", "1,0", "1;"})
        EXPECT_THAT(error_of(text), HasSubstr("neither an integer nor a variable's name")) << text;
}

TEST(BashInteger, RefusesNumbersThatBashRefuses)
{
    for (const char* text : {"08", "1#0", "2#", "2#2", "1.0", "'1'", "1\r", "1 # on", "0xg"})
        EXPECT_THAT(error_of(text), HasSubstr("neither")) << text;
    EXPECT_THAT(error_of(std::string_view("1\0", 2)), HasSubstr("neither"));
}

TEST(BashInteger, EndsOnCircles)
{
    EXPECT_THAT(error_of("A", {{"A", "A"}}), HasSubstr("loop"));
    EXPECT_THAT(error_of("A", {{"A", "B"}, {"B", "A"}}), HasSubstr("loop"));
}

}  // namespace
}  // namespace mailstate
