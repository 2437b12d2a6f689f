// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <chrono>

#include "mailstate/settings.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

std::int64_t value_of(std::string_view expression, const Variables& variables = {})
{
    const auto value = bash_arithmetic(expression, variables);
    if (!value) ADD_FAILURE() << expression << ": " << value.error().message;
    return value ? *value : -999;
}

std::string error_of(std::string_view expression, const Variables& variables = {})
{
    const auto value = bash_arithmetic(expression, variables);
    EXPECT_FALSE(value) << expression;
    return value ? "" : value.error().message;
}

TEST(BashArithmetic, ReadsNumbersOfAllBases)
{
    EXPECT_EQ(value_of("42"), 42);
    EXPECT_EQ(value_of("010"), 8);
    EXPECT_EQ(value_of("0x1F"), 31);
    EXPECT_EQ(value_of("2#101"), 5);
    EXPECT_EQ(value_of("36#z"), 35);
    EXPECT_EQ(value_of("62#Z"), 61);
    EXPECT_EQ(value_of("64#_"), 63);
    EXPECT_EQ(value_of(""), 0);
    EXPECT_EQ(value_of(" \t\n"), 0);
}

TEST(BashArithmetic, WrapsLikeSixtyFourBits)
{
    EXPECT_EQ(value_of("9223372036854775807 + 1"), INT64_MIN);
    EXPECT_EQ(value_of("9223372036854775808"), INT64_MIN);
    EXPECT_EQ(value_of("-9223372036854775808 / -1"), INT64_MIN);
    EXPECT_EQ(value_of("-9223372036854775808 % -1"), 0);
    EXPECT_EQ(value_of("1 << 64"), 1);
    EXPECT_EQ(value_of("3 ** 200"), value_of("3 ** 100 * 3 ** 100"));
}

TEST(BashArithmetic, KnowsPrecedence)
{
    EXPECT_EQ(value_of("1 + 2 * 3"), 7);
    EXPECT_EQ(value_of("(1 + 2) * 3"), 9);
    EXPECT_EQ(value_of("-2 ** 2"), 4);
    EXPECT_EQ(value_of("2 ** 3 ** 2"), 512);
    EXPECT_EQ(value_of("7 - 2 - 1"), 4);
    EXPECT_EQ(value_of("1 | 2 ^ 3 & 1"), 3);
    EXPECT_EQ(value_of("1 ? 2 : 0 ? 3 : 4"), 2);
    EXPECT_EQ(value_of("1, 2, 3"), 3);
    EXPECT_EQ(value_of("!0 + ~0"), 0);
    EXPECT_EQ(value_of("5--3"), 8);
}

TEST(BashArithmetic, LooksNamesUpAgainAndAgain)
{
    EXPECT_EQ(value_of("A + 1", {{"A", "B * 2"}, {"B", "0x10"}}), 33);
    EXPECT_EQ(value_of("UNSET"), 0);
    EXPECT_EQ(value_of("EMPTY + 3", {{"EMPTY", ""}}), 3);
}

TEST(BashArithmetic, DoesNotLookAtWhatDoesNotCount)
{
    const Variables broken = {{"X", "1 1"}};
    EXPECT_EQ(value_of("0 && X", broken), 0);
    EXPECT_EQ(value_of("1 || 1/0"), 1);
    EXPECT_EQ(value_of("1 ? 2 : X", broken), 2);
    EXPECT_EQ(value_of("0 ? 1/0 : 5"), 5);
}

TEST(BashArithmetic, RefusesWhatBashRefuses)
{
    EXPECT_THAT(error_of("1/0"), HasSubstr("division by 0"));
    EXPECT_THAT(error_of("2 ** -1"), HasSubstr("exponent"));
    EXPECT_THAT(error_of("1 1"), HasSubstr("operator is expected"));
    EXPECT_THAT(error_of("1 +"), HasSubstr("operand is expected at the end"));
    EXPECT_THAT(error_of("(1"), HasSubstr("')' is missing"));
    EXPECT_THAT(error_of("1)"), HasSubstr("operator is expected"));
    EXPECT_THAT(error_of("1 ? 2"), HasSubstr("':'"));
    EXPECT_THAT(error_of("08"), HasSubstr("no number"));
    EXPECT_THAT(error_of("1#0"), HasSubstr("no number"));
    EXPECT_THAT(error_of("2#"), HasSubstr("no number"));
    EXPECT_THAT(error_of("1.0"), HasSubstr("neither a number nor an operator"));
    EXPECT_THAT(error_of("'1'"), HasSubstr("neither"));
    EXPECT_THAT(error_of(std::string_view("1\0", 2)), HasSubstr("neither"));
}

TEST(BashArithmetic, RefusesWhatWouldChangeAVariableOrRunACommand)
{
    EXPECT_THAT(error_of("A=1"), HasSubstr("assignment"));
    EXPECT_THAT(error_of("A<<=1"), HasSubstr("assignment"));
    EXPECT_THAT(error_of("A++"), HasSubstr("increment"));
    EXPECT_THAT(error_of("-- A"), HasSubstr("increment"));
    EXPECT_THAT(error_of("A[$(id)]"), HasSubstr("array"));
}

TEST(BashArithmetic, EndsOnCircles)
{
    EXPECT_THAT(error_of("A", {{"A", "A"}}), HasSubstr("1,024 deep"));
    EXPECT_THAT(error_of("A", {{"A", "B+1"}, {"B", "A+1"}}), HasSubstr("1,024 deep"));
}

TEST(BashArithmetic, FollowsAsManyNamesAsBash)
{
    Variables chain = {{"N1022", "7"}};
    for (int i = 0; i < 1022; ++i) chain["N" + std::to_string(i)] = "N" + std::to_string(i + 1);
    EXPECT_EQ(value_of("N0", chain), 7);
}

TEST(BashArithmetic, EndsOnHostileValues)
{
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(error_of(std::string(100'000, '(')), HasSubstr("nested too deeply"));
    EXPECT_THAT(error_of(std::string(100'000, '-') + "1"), HasSubstr("nested too deeply"));
    EXPECT_THAT(error_of(std::string(100'000, '!') + "1"), HasSubstr("nested too deeply"));
    std::string powers = "1", choices = "1";
    for (int i = 0; i < 50'000; ++i) powers += "**1";
    for (int i = 0; i < 50'000; ++i) choices += "?1:1";
    EXPECT_THAT(error_of(powers), HasSubstr("nested too deeply"));
    EXPECT_THAT(error_of(choices), HasSubstr("nested too deeply"));
    Variables doubling = {{"D40", "1"}};
    for (int i = 0; i < 40; ++i) {
        const auto next = "D" + std::to_string(i + 1);
        doubling["D" + std::to_string(i)] = next + "+" + next;
    }
    EXPECT_THAT(error_of("D0", doubling), HasSubstr("never comes to an end"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

// The deepest evaluation that is allowed must fit the stack, with sanitizers too.
TEST(BashArithmetic, FitsTheStackWhereItIsDeepest)
{
    const auto nested = std::string(250, '(') + "5" + std::string(250, ')');
    Variables deep;
    for (int i = 0; i < 1000; ++i)
        deep["V" + std::to_string(i)] = "0||1&&0|0^1&1==0<1<<0+1*" + (i == 999 ? nested : "V" + std::to_string(i + 1));
    EXPECT_EQ(value_of("V0"), 0);
    EXPECT_EQ(value_of("V999", deep), 1);
    EXPECT_EQ(value_of("V0 * 0", deep), 0);
}

}  // namespace
}  // namespace mailstate
