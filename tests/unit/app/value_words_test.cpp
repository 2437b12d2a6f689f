// SPDX-License-Identifier: MIT
#include "app/cli/value_words.hpp"

#include <gmock/gmock.h>

#include "app/cli/completion.hpp"
#include "app/cli/option_table.hpp"

namespace mailstate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ValueWords, AreTheWordsOfAChoice)
{
    const ValueWords values = value_words("text|json");
    EXPECT_THAT(values.words, ElementsAre("text", "json"));
    EXPECT_FALSE(values.files || values.directories || values.is_list);
}

TEST(ValueWords, AreFilesAndDirectories)
{
    EXPECT_TRUE(value_words("FILE").files);
    EXPECT_TRUE(value_words("DIR").directories);
    EXPECT_THAT(value_words("FILE").words, ElementsAre());
}

TEST(ValueWords, AreLayoutsOrFiles)
{
    const ValueWords values = value_words("LAYOUT|FILE");
    EXPECT_THAT(values.words, ElementsAre("docker-mailserver", "mailcow", "mailu"));
    EXPECT_TRUE(values.files);
}

TEST(ValueWords, AreAListOfEntriesEachOnce)
{
    const ValueWords values = value_words("ENTRY,…");
    EXPECT_TRUE(values.is_list);
    EXPECT_THAT(values.words, Contains("redis").Times(1));
    EXPECT_THAT(values.words, Contains("vmail"));
}

TEST(ValueWords, AreTheCodesOfFindingsAndOfAllSystemsRules)
{
    EXPECT_GT(value_words("CODE").words.size(), 250U);
}

TEST(ValueWords, AreNoneWhereNobodyCanForeseeThem)
{
    for (const char* const placeholder : {"", "SECONDS", "N", "ADDRESS"})
        EXPECT_TRUE(value_words(placeholder).empty()) << placeholder;
}

TEST(ArgumentWords, AreTakenFromTheCommandsRow)
{
    const std::vector<ArgumentWords> layout = argument_words(*find_command("layout"));
    ASSERT_EQ(layout.size(), 3U);
    EXPECT_EQ(layout[0].word, "list");
    EXPECT_TRUE(layout[0].followed.empty());
    EXPECT_EQ(layout[1].word, "show");
    EXPECT_THAT(layout[1].followed.words, Contains("mailcow"));
    EXPECT_TRUE(layout[2].followed.files);
    EXPECT_EQ(argument_words(*find_command("completion")).size(), 3U);
    EXPECT_EQ(argument_words(*find_command("help")).size(), command_table().size());
    EXPECT_TRUE(argument_words(*find_command("apply")).empty());
    EXPECT_TRUE(starts_program(*find_command("apply")));
    EXPECT_FALSE(starts_program(*find_command("layout")));
}

TEST(Completion, HasEveryCommandAndOption)
{
    for (const std::string& script : {bash_completion(), zsh_completion(), fish_completion()}) {
        for (const CommandDesc& command : command_table()) EXPECT_THAT(script, HasSubstr(std::string(command.name)));
        for (const OptionDesc& option : option_table()) EXPECT_THAT(script, HasSubstr(std::string(option.name)));
    }
}

}  // namespace
}  // namespace mailstate
