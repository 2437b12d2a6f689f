// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

void expect_value(std::string_view line, std::string_view value)
{
    const auto variables = parse_settings("settings", line);
    ASSERT_TRUE(variables) << line << ": " << describe(variables.error());
    ASSERT_EQ(variables->size(), 1U) << line;
    EXPECT_EQ(variables->at("A"), value) << line;
}

void expect_error(std::string_view text, std::string_view place, std::string_view message)
{
    const auto variables = parse_settings("settings", text);
    ASSERT_FALSE(variables) << text;
    EXPECT_EQ(variables.error().subject, "settings:" + std::string(place)) << text;
    EXPECT_NE(variables.error().message.find(message), std::string::npos) << variables.error().message;
    EXPECT_TRUE(variables.error().hint.ends_with('.')) << text;
}

TEST(SettingsFile, ReadsValuesAsAShellDoes)
{
    expect_value("A='1'\n", "1");
    expect_value("A='1'", "1");
    expect_value("A=1", "1");
    expect_value("A=", "");
    expect_value("A=''", "");
    expect_value("  A='a b  c'  ", "a b  c");
    expect_value("export A=\"x\"", "x");
    expect_value("export\tA=x", "x");
    expect_value(R"(A='it'\''s')", "it's");
    expect_value(R"(A="it"'s'\ fine)", "its fine");
    expect_value(R"(A="\"\\\$\`\n")", R"("\$`\n)");
    expect_value("A=\"a\\\nb\"", "ab");
    expect_value("A=a\\\nb", "ab");
    expect_value("A='two\nlines'\n", "two\nlines");
    expect_value("A=x#y", "x#y");
    expect_value("A=x # a comment", "x");
    expect_value("A='x'\t# a comment", "x");
    expect_value("A=a=b", "a=b");
    expect_value("A='\xff\xfe'", "\xff\xfe");
}

TEST(SettingsFile, ExecutesAndExpandsNothing)
{
    expect_value("A=$(touch${IFS}/x)", "$(touch${IFS}/x)");
    expect_value("A=\"`id` $HOME\"", "`id` $HOME");
    expect_value("A='$(id)'", "$(id)");
}

TEST(SettingsFile, ToleratesWhatEditorsLeaveBehind)
{
    expect_value(
        "\xEF\xBB\xBF"
        "A=1\r\n",
        "1");
    expect_value("A='1'\r", "1");
    expect_value("# c\r\n\r\n \t\r\n#\nA='1' # c\r\n", "1");
}

TEST(SettingsFile, TakesTheLastOfSeveralLines)
{
    expect_value("A=1\nA=2\n", "2");
}

TEST(SettingsFile, MayBeEmpty)
{
    for (const auto* text : {"", "\n", "\r\n", "# nothing", "\xEF\xBB\xBF"}) {
        const auto variables = parse_settings("settings", text);
        ASSERT_TRUE(variables) << text;
        EXPECT_TRUE(variables->empty());
    }
}

TEST(SettingsFile, SaysWhereALineIsWrong)
{
    expect_error("A=1\nnonsense\n", "2:9", "'='");
    expect_error("A = 1", "1:2", "'='");
    expect_error("A=a b", "1:5", "end of the line");
    expect_error("1A=1", "1:1", "name of a variable");
    expect_error("=1", "1:1", "name of a variable");
    expect_error("A+=1", "1:2", "'='");
    expect_error("declare -x A=1", "1:8", "'='");
    expect_error("export A", "1:9", "'='");
    expect_error("B=1\n A='never\nclosed", "2:4", "never closed");
    expect_error("A=\"x", "1:3", "never closed");
    expect_error("A=$'x'", "1:3", "a value");
    expect_error("A=x\\", "1:4", "backslash");
    expect_error(std::string_view("A=1\nB=\0", 7), "2:3", "NUL");
    expect_error(
        "\xEF\xBB\xBF"
        "A 1",
        "1:2", "'='");
}

TEST(SettingsFile, IsBounded)
{
    expect_error(std::string(2'000'000, 'A'), "1:1", "1 MiB");
    expect_error(std::string(1'000'000, 'A'), "1:1000001", "'='");
}

}  // namespace
}  // namespace mailstate
