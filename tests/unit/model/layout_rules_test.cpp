// SPDX-License-Identifier: MIT
// What a layout must keep to, because root moves and removes what it names.
#include "model/layout_rules.hpp"

#include <gmock/gmock.h>

#include <chrono>

#include "mailstate/model/layout_json.hpp"
#include "unit/model/layout_texts.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

// "@@" in the text is where the error is to be.
void expect_refused(const std::string& text, const std::string& message)
{
    const MarkedText marked(text);
    const auto layout = parse_layout("l.json", marked.text);
    ASSERT_FALSE(layout) << text;
    EXPECT_EQ(layout.error().subject, marked.place) << text;
    EXPECT_THAT(layout.error().message, HasSubstr(message));
}

std::string marked_value(std::string entry, const std::string& key)
{
    const auto mark = '"' + key + "\": ";
    return entry.insert(entry.find(mark) + mark.size(), "@@");
}

void expect_refused_origin(const std::string& origin, const std::string& message)
{
    expect_refused(layout_around(marked_value(entry_text("a", origin, "a"), "origin")), message);
}

void expect_refused_destination(const std::string& destination, const std::string& message)
{
    expect_refused(layout_around(marked_value(entry_text("a", "/a", destination), "destination")), message);
}

std::string two(const std::string& a, const std::string& b)
{
    return layout_around(a + ",\n" + b);
}

TEST(LayoutRules, WantAbsoluteNormalisedOrigins)
{
    expect_refused_origin("", "not absolute");
    expect_refused_origin("var/lib", "not absolute");
    expect_refused_origin("/", "cannot be managed");
    expect_refused_origin("//", "empty component");
    expect_refused_origin("/var//lib", "empty component");
    expect_refused_origin("/var/lib/", "ends in '/'");
    expect_refused_origin("/var/../etc", "\"..\"");
    expect_refused_origin("/var/./lib", "\".\"");
    expect_refused_origin("/..", "\"..\"");
    expect_refused_origin("/a\\u0000b", "NUL");
    expect_refused_origin("/a\\\\x00b", "NUL");
    expect_refused_origin("/a\\\\b", "backslash");
}

TEST(LayoutRules, WantDestinationsInsideTheStateDirectory)
{
    expect_refused_destination("", "empty");
    expect_refused_destination("/etc", "absolute");
    expect_refused_destination("../etc", "\"..\"");
    expect_refused_destination("a/../../etc", "\"..\"");
    expect_refused_destination("a/", "ends in '/'");
    expect_refused_destination("a//b", "empty component");
    expect_refused_destination(".", "\".\"");
}

TEST(LayoutRules, KeepTheWorkspaceFree)
{
    expect_refused_destination(".mailstate", "reserved for the ledger");
    expect_refused_destination(".mailstate/x", "reserved for the ledger");
    expect_refused_destination(".mailstate-2", "reserved for the ledger");
    expect_refused_destination("\\\\x2emailstate", "reserved for the ledger");
    EXPECT_TRUE(parse_layout("l", layout_around(entry_text("a", "/a", "x/.mailstate"))));
}

TEST(LayoutRules, WantNamesThatCanBeFileNames)
{
    for (const auto* name : {"", "a/b", "a b", "a,b", ".a", "-a", "a\\n", "\\u0000"})
        expect_refused(layout_around(marked_value(entry_text(name, "/a", "a"), "name")), "is not a valid name");
    expect_refused(layout_around(marked_value(entry_text(std::string(65, 'a'), "/a", "a"), "name")),
                   "is not a valid name");
    EXPECT_TRUE(parse_layout("l", layout_around(entry_text(std::string(64, 'a'), "/a", "a"))));
}

TEST(LayoutRules, WantNamesOriginsAndDestinationsOnce)
{
    const auto first = entry_text("a", "/a", "a");
    expect_refused(two(first, marked_value(entry_text("a", "/b", "b"), "name")), "by another entry");
    expect_refused(two(first, marked_value(entry_text("b", "/a", "b"), "origin")), "by another entry");
    expect_refused(two(first, marked_value(entry_text("b", "/b", "a"), "destination")), "by another entry");
}

TEST(LayoutRules, WantNoEntryInsideAnother)
{
    const auto first = entry_text("a", "/a", "d");
    expect_refused(two(first, marked_value(entry_text("b", "/a/x", "b"), "origin")), "is inside the origin");
    expect_refused(two(marked_value(entry_text("b", "/a/x/y", "b"), "origin"), first), "is inside the origin");
    expect_refused(two(first, marked_value(entry_text("b", "/b", "d/x"), "destination")), "inside the destination");
    EXPECT_TRUE(parse_layout("l", two(first, entry_text("b", "/ab", "d-b"))));
}

TEST(LayoutRules, WantTheStateDirectoryApart)
{
    expect_refused_origin("/var", "overlap");
    expect_refused_origin("/var/mail-state", "overlap");
    expect_refused_origin("/var/mail-state/x", "overlap");
    EXPECT_TRUE(parse_layout("l", layout_around(entry_text("a", "/var/mail-state2", "a"))));
}

TEST(LayoutRules, FindCirclesAndLetChainsBe)
{
    Layout layout;
    layout.defaults = {{"A", "${B}"}, {"B", "${C}${C}"}, {"C", "${FROM_OUTSIDE}"}};
    EXPECT_EQ(find_circle(layout), std::nullopt);
    layout.defaults["C"] = "${B}";
    EXPECT_NE(find_circle(layout), std::nullopt);
    layout.defaults = {{"A", "${A}"}};
    EXPECT_EQ(find_circle(layout), "A");
}

TEST(LayoutRules, TakeLargeLayoutsInLinearTime)
{
    std::string entries;
    for (int i = 0; i < 10'000; ++i) {
        const auto number = std::to_string(i);
        entries += (i == 0 ? "" : ",") + entry_text("e" + number, "/a/b/" + number, number);
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto layout = parse_layout("l", layout_around(entries));
    ASSERT_TRUE(layout) << describe(layout.error());
    EXPECT_EQ(layout->entries.size(), 10'000U);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace mailstate
