// SPDX-License-Identifier: MIT
#include "mailstate/base/result.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>

namespace mailstate {
namespace {

Result<int> positive(int number)
{
    if (number <= 0) return fail(text_error(std::to_string(number), "not positive"));
    return number;
}

Result<> both_positive(int a, int b)
{
    TRY(positive(a));
    TRY(positive(b));
    return {};
}

Result<std::unique_ptr<int>> boxed(int number)
{
    auto box = std::make_unique<int>(TRY(positive(number)));
    return box;
}

TEST(Result, HoldsAValue)
{
    const auto result = positive(3);
    ASSERT_TRUE(result);
    EXPECT_EQ(*result, 3);
    EXPECT_EQ(result.value_or(7), 3);
}

TEST(Result, HoldsAnError)
{
    const auto result = positive(-3);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().subject, "-3");
    EXPECT_EQ(result.value_or(7), 7);
}

TEST(Result, PassesTheFirstFailureOn)
{
    EXPECT_TRUE(both_positive(1, 2));
    EXPECT_EQ(both_positive(-1, -2).error().subject, "-1");
    EXPECT_EQ(both_positive(1, -2).error().subject, "-2");
}

TEST(Result, CarriesWhatCanOnlyBeMoved)
{
    auto result = boxed(5);
    ASSERT_TRUE(result);
    EXPECT_EQ(*std::move(result).value(), 5);
    EXPECT_FALSE(boxed(0));
}

}  // namespace
}  // namespace mailstate
