// SPDX-License-Identifier: MIT
#include "mailstate/base/excerpt.hpp"

#include <gtest/gtest.h>

namespace mailstate {
namespace {

TEST(Excerpt, LeavesWhatIsShort)
{
    EXPECT_EQ(excerpt(""), "");
    EXPECT_EQ(excerpt("mail.example.org"), "mail.example.org");
    EXPECT_EQ(excerpt("a\nb\xff"), R"(a\x0ab\xff)");
    EXPECT_EQ(excerpt(std::string(longest_excerpt, 'x')), std::string(longest_excerpt, 'x'));
}

TEST(Excerpt, CutsWhatIsLongAndSaysSo)
{
    for (const std::size_t size : {longest_excerpt + 1, std::size_t{2'000'000}})
        EXPECT_EQ(excerpt(std::string(size, 'x')), std::string(longest_excerpt, 'x') + "…");
}

TEST(Excerpt, CountsWhatIsShownAndCutsNoCharacterAndNoEscape)
{
    const std::string end = "…";
    for (std::size_t lead = 0; lead < 4; ++lead) {
        for (const std::string character : {"€", "ä", "\n", "\\"}) {
            std::string text(lead, 'x');
            for (int i = 0; i < 300; ++i) text += character;
            const std::string shown = excerpt(text);
            const std::size_t width = character == "€" ? 3 : character == "ä" ? 2 : 4;
            ASSERT_TRUE(shown.ends_with(end));
            EXPECT_LE(shown.size(), longest_excerpt + end.size());
            EXPECT_EQ((shown.size() - lead - end.size()) % width, 0U) << shown;
        }
    }
}

TEST(Shortened, CutsASentenceBetweenCharacters)
{
    EXPECT_EQ(shortened("as it is", 8), "as it is");
    EXPECT_EQ(shortened("as it is", 5), "as it…");
    EXPECT_EQ(shortened("a\u20ac\u20ac", 5), "a\u20ac…");
    EXPECT_EQ(shortened("\u20ac", 1), "…");
}

}  // namespace
}  // namespace mailstate
