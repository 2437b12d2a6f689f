// SPDX-License-Identifier: MIT
#include "mailstate/model/glob.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace mailstate {
namespace {

struct Row {
    const char* pattern;
    std::string_view path;
    bool matches;
};

void PrintTo(const Row& row, std::ostream* out)
{
    *out << row.pattern << " on \"" << row.path << '"';
}

class GlobTable : public testing::TestWithParam<Row> {};

TEST_P(GlobTable, Holds)
{
    const auto glob = Glob::compile(GetParam().pattern);
    ASSERT_TRUE(glob) << glob.error().message;
    EXPECT_EQ(glob->matches(GetParam().path), GetParam().matches);
}

constexpr Row rows[] = {
    {".", "", true},
    {".", "a", false},
    {"a", "a", true},
    {"a", "", false},
    {"a", "a/b", false},
    {"a", "ab", false},
    {"*", "a", true},
    {"*", ".hidden", true},
    {"*", "a/b", false},
    {"*", "", false},
    {"a*", "a", true},
    {"a*", "abc", true},
    {"a*", "ba", false},
    {"*.pid", "master.pid", true},
    {"*.pid", "master.pid.old", false},
    {"pid/*.pid", "pid/master.pid", true},
    {"pid/*.pid", "pid/x/master.pid", false},
    {"a*b*c", "a-b-b-c", true},
    {"a*b*c", "a-c-b", false},
    {"?", "a", true},
    {"?", "", false},
    {"?", "\xff", true},
    {"a?c", "a/c", false},
    {"??", "a", false},
    {"**", "", true},
    {"**", "a", true},
    {"**", "a/b/c", true},
    {"a/**", "a", false},
    {"a/**", "a/b", true},
    {"a/**", "a/b/c", true},
    {"a/**", "ab/c", false},
    {"**/a", "a", true},
    {"**/a", "x/y/a", true},
    {"**/a", "x/a/y", false},
    {"a/**/b", "a/b", true},
    {"a/**/b", "a/x/y/b", true},
    {"a/**/b", "a/x/y", false},
    {"**/a/**/b", "x/a/a/y/b", true},
    {"**/*.db", "a/b.c/d.db", true},
    {"[abc]", "b", true},
    {"[abc]", "d", false},
    {"[a-c]x", "bx", true},
    {"[a-c]x", "dx", false},
    {"[!a-c]", "d", true},
    {"[!a-c]", "b", false},
    {"[]]", "]", true},
    {"[!]]", "a", true},
    {"[!]]", "]", false},
    {"[a-]", "-", true},
    {"[-a]", "-", true},
    {"[a\\]b]", "]", true},
    {"[\\!a]", "!", true},
    {"[{]", "{", true},
    {"[!a]", "/", false},
    {"[\x80-\xff]", "\xc3", true},
    {"{a,b}", "a", true},
    {"{a,b}", "b", true},
    {"{a,b}", "a,b", false},
    {"{a,b}c", "bc", true},
    {"x{a,}", "x", true},
    {"x{a,}", "xa", true},
    {"{a,{b,c}d}", "cd", true},
    {"{a,{b,c}d}", "ad", false},
    {"{a,b}{c,d}", "bd", true},
    {"{maildrop,public}/**", "public/x", true},
    {"{maildrop,public}/**", "public", false},
    {"{pid,pid/**}", "pid", true},
    {"{pid,pid/**}", "pid/x", true},
    {"{.,a}", "", true},
    {"{.,a}", "a", true},
    {"a,b", "a,b", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"a\\{b", "a{b", true},
    {"\\\\", "\\", true},
    {"\\**", "*abc", true},
    {"\\[a]", "[a]", true},
};

INSTANTIATE_TEST_SUITE_P(Glob, GlobTable, testing::ValuesIn(rows));

class WrongGlob : public testing::TestWithParam<std::pair<std::string, std::string>> {};

TEST_P(WrongGlob, IsRefusedWithTheReason)
{
    const auto& [pattern, reason] = GetParam();
    const auto glob = Glob::compile(pattern);
    ASSERT_FALSE(glob);
    EXPECT_NE(glob.error().message.find(reason), std::string::npos) << glob.error().message;
}

INSTANTIATE_TEST_SUITE_P(Glob, WrongGlob,
                         testing::Values(std::pair{"", "empty"}, std::pair{"{a,b", "'{' is never closed"},
                                         std::pair{"{a,{b}", "'{' is never closed"}, std::pair{"a}", "'}' without"},
                                         std::pair{"[abc", "'[' is never closed"}, std::pair{"[]", "never closed"},
                                         std::pair{"a\\", "nothing follows"}, std::pair{"/a", "empty component"},
                                         std::pair{"a//b", "empty component"}, std::pair{"a/", "empty component"},
                                         std::pair{"../a", "'..'"}, std::pair{"a/./b", "'.'"},
                                         std::pair{"a**", "whole component"}, std::pair{"***", "whole component"},
                                         std::pair{"[c-a]", "backwards"}, std::pair{"[^a]", "[!"},
                                         std::pair{"[[:alpha:]]", "classes"}, std::pair{"[a/b]", "'/'"},
                                         std::pair{"a\\/b", "backslash before"}, std::pair{"{a,/b}", "empty component"},
                                         std::pair{std::string(5000, 'a'), "longer than"},
                                         std::pair{std::string(40, '{') + std::string(40, '}'), "nested"}));

TEST(Glob, RefusesBracesThatMultiplyOut)
{
    std::string pattern;
    for (int i = 0; i < 500; ++i) pattern += "{a,b}";
    const auto glob = Glob::compile(pattern);
    ASSERT_FALSE(glob);
    EXPECT_NE(glob.error().message.find("256 alternatives"), std::string::npos);
}

// Doubling the path may double the time. With back-tracking, each of these would take longer than the sun shines.
TEST(Glob, IsLinearOnPathologicalPatterns)
{
    std::string stars, globstars, path_of_components;
    for (int i = 0; i < 500; ++i) stars += "*a";
    for (int i = 0; i < 200; ++i) globstars += "**/a/";
    for (int i = 0; i < 4000; ++i) path_of_components += "a/";
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(Glob::compile(stars + "b")->matches(std::string(100'000, 'a')));
    EXPECT_FALSE(Glob::compile(globstars + "b")->matches(path_of_components + "c"));
    EXPECT_FALSE(Glob::compile("**/" + stars + "b/**/c")->matches(path_of_components + std::string(255, 'a')));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(Glob, TakesAnyBytes)
{
    for (int c = 1; c < 256; ++c) {
        if (c == '/') continue;
        const std::string name(1, static_cast<char>(c));
        EXPECT_TRUE(Glob::compile("\\" + name)->matches(name)) << c;
        EXPECT_TRUE(Glob::compile("x?*")->matches("x" + name)) << c;
    }
}

}  // namespace
}  // namespace mailstate
