// SPDX-License-Identifier: MIT
#include "model/json_locator.hpp"

#include <gtest/gtest.h>

#include "model/text_position.hpp"

namespace mailstate {
namespace {

using namespace std::string_view_literals;

std::string_view text_from(std::string_view text, const std::vector<JsonStep>& steps, JsonSpot spot = JsonSpot::value)
{
    return text.substr(locate(text, steps, spot), 4);
}

constexpr auto text =
    R"( { "a" : [ 1, {"x": "],}\""}, [[2], 3.5e1 ] ], "b" : {"c":true ,"\u0064\\": null }, "a":4444} )"sv;

TEST(JsonLocator, FindsTheWholeDocument)
{
    EXPECT_EQ(text_from(text, {}), R"({ "a)");
}

TEST(JsonLocator, FindsMembersAndElements)
{
    EXPECT_EQ(text_from(text, {"a"sv}), "[ 1,");
    EXPECT_EQ(text_from(text, {"a"sv, 0U}), "1, {");
    EXPECT_EQ(text_from(text, {"a"sv, 1U, "x"sv}), R"("],})");
    EXPECT_EQ(text_from(text, {"a"sv, 2U, 0U, 0U}), "2], ");
    EXPECT_EQ(text_from(text, {"a"sv, 2U, 1U}), "3.5e");
    EXPECT_EQ(text_from(text, {"b"sv, "c"sv}), "true");
}

TEST(JsonLocator, UnderstandsEscapedNames)
{
    EXPECT_EQ(text_from(text, {"b"sv, "d\\"sv}), "null");
}

TEST(JsonLocator, FindsTheNameItself)
{
    EXPECT_EQ(text_from(text, {"b"sv, "c"sv}, JsonSpot::key), R"("c":)");
    EXPECT_EQ(text_from(text, {"a"sv}, JsonSpot::second_key), R"("a":)");
}

TEST(JsonLocator, EndsWhereTheTextEnds)
{
    EXPECT_EQ(locate(text, {"z"sv}, JsonSpot::value), text.size());
    EXPECT_EQ(locate(text, {"a"sv, 9U}, JsonSpot::value), text.size());
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_LE(locate(text.substr(0, size), {"b"sv, "zz"sv}, JsonSpot::second_key), size);
}

TEST(TextPosition, CountsLinesAndColumnsFromOne)
{
    EXPECT_EQ(place_in("f", "ab\ncd", 0), "f:1:1");
    EXPECT_EQ(place_in("f", "ab\ncd", 2), "f:1:3");
    EXPECT_EQ(place_in("f", "ab\ncd", 4), "f:2:2");
    EXPECT_EQ(place_in("f", "ab\n", 99), "f:2:1");
}

TEST(TextPosition, DoesNotCountAByteOrderMark)
{
    EXPECT_EQ(place_in("f", "\xEF\xBB\xBFxy", 4), "f:1:2");
}

}  // namespace
}  // namespace mailstate
