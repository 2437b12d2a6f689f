// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "app/cli/suggestion.hpp"
#include "app/output/paragraph.hpp"

namespace mailstate {
namespace {

TEST(Paragraph, CountsCharactersAndNotBytes)
{
    EXPECT_EQ(columns_of("a → b"), 5U);
    EXPECT_EQ(padded("ä", 3), "ä  ");
    EXPECT_EQ(padded("long", 2), "long");
}

TEST(Paragraph, BreaksLinesBetweenWords)
{
    EXPECT_EQ(wrapped("one two three", 2, 0, 8), "one two\n  three\n");
    EXPECT_EQ(wrapped("one two", 2, 5, 8), "one\n  two\n") << "five columns are taken";
    EXPECT_EQ(wrapped("", 2), "");
}

TEST(Paragraph, LeavesAWordThatFitsNowhere)
{
    EXPECT_EQ(wrapped("/a/very/long/path is", 1, 0, 8), "/a/very/long/path\n is\n");
}

TEST(Paragraph, CutsAtACharacter)
{
    EXPECT_EQ(cut_to("äöü", 3), "äöü");
    EXPECT_EQ(cut_to("äöüß", 3), "äö…");
    EXPECT_EQ(cut_to("abc", 0), "");
}

TEST(Suggestion, CountsEditsAndSwaps)
{
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", "abc"), 0U);
    EXPECT_EQ(edit_distance("plna", "plan"), 1U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggestion, FindsTheNearest)
{
    const std::vector<std::string> names{"redis", "rspamd", "postfix-spool"};
    EXPECT_EQ(nearest("rediss", names), "redis");
    EXPECT_EQ(nearest("rspand", names), "rspamd");
    EXPECT_EQ(nearest("postfixspool", names), "postfix-spool");
}

TEST(Suggestion, SaysNothingWhereNothingIsNear)
{
    EXPECT_EQ(nearest("dovecot", {"redis", "rspamd"}), "");
    EXPECT_EQ(nearest("x", {"ab"}), "") << "not a name of which every letter would change";
    EXPECT_EQ(nearest(std::string(100'000, 'x'), {"redis"}), "");
    EXPECT_EQ(did_you_mean("dovecot", {"redis"}), "");
}

}  // namespace
}  // namespace mailstate
