// SPDX-License-Identifier: MIT
#include "model/words.hpp"

#include <gtest/gtest.h>

#include "mailstate/base/excerpt.hpp"

namespace mailstate {
namespace {

const std::vector<std::string_view> known = {"name", "origin", "destination", "is", "mode"};

TEST(Words, FindTheWordThatWasMeant)
{
    EXPECT_EQ(nearest("orign", known), "origin");    // a letter is missing
    EXPECT_EQ(nearest("oriigin", known), "origin");  // one too many
    EXPECT_EQ(nearest("roigin", known), "origin");   // two are swapped
    EXPECT_EQ(nearest("destinatoin", known), "destination");
    EXPECT_EQ(nearest("Nome", known), "name");
}

TEST(Words, DoNotGuessWildly)
{
    EXPECT_EQ(nearest("xy", known), std::nullopt);
    EXPECT_EQ(nearest("orrrrigin", known), std::nullopt);
    EXPECT_EQ(nearest("", known), std::nullopt);
    EXPECT_EQ(nearest(std::string(100'000, 'o'), known), std::nullopt);
}

TEST(Words, AreShownHarmlessAndShort)
{
    EXPECT_EQ(in_quotes("a\nb\xff"), R"("a\x0ab\xff")");
    const auto shown = in_quotes(std::string(1'000'000, 'x'));
    EXPECT_EQ(shown.size(), longest_excerpt + std::string_view("\"…\"").size());
    EXPECT_TRUE(shown.ends_with("…\""));
}

TEST(Words, AreNotCutInsideACharacter)
{
    for (std::size_t lead = 0; lead < 4; ++lead) {
        std::string text(lead, 'x');
        for (int i = 0; i < 100; ++i) text += "€";
        const auto shown = in_quotes(text);
        EXPECT_EQ((shown.size() - lead - std::string_view("\"…\"").size()) % 3, 0U) << shown;
    }
}

TEST(Words, AreListedAsChoices)
{
    EXPECT_EQ(either({"a"}), "\"a\"");
    EXPECT_EQ(either({"a", "b", "c"}), R"("a", "b" or "c")");
}

TEST(Words, KnowTheNamesOfAShell)
{
    EXPECT_TRUE(is_shell_name("ENABLE_AMAVIS"));
    EXPECT_TRUE(is_shell_name("_1"));
    EXPECT_FALSE(is_shell_name("1A"));
    EXPECT_FALSE(is_shell_name("A-B"));
    EXPECT_FALSE(is_shell_name(""));
}

}  // namespace
}  // namespace mailstate
