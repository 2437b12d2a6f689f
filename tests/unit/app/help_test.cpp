// SPDX-License-Identifier: MIT
#include "app/cli/help.hpp"

#include <gmock/gmock.h>

#include <regex>
#include <set>
#include <sstream>

#include "app/cli/exit_code.hpp"
#include "app/cli/option_table.hpp"
#include "app/output/paragraph.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<const CommandDesc*> all_pages()
{
    std::vector<const CommandDesc*> pages{nullptr};
    for (const CommandDesc& command : command_table()) pages.push_back(&command);
    return pages;
}

TEST(Help, FitsThePage)
{
    for (const CommandDesc* const page : all_pages()) {
        std::istringstream lines(help_text(page));
        for (std::string line; std::getline(lines, line);) {
            EXPECT_LE(columns_of(line), page_width) << line;
            EXPECT_THAT(line, Not(testing::EndsWith(" ")));
        }
    }
}

TEST(Help, ShowsEveryCommandAndExitCode)
{
    const std::string text = help_text(nullptr);
    for (const CommandDesc& command : command_table())
        EXPECT_THAT(text, HasSubstr("\n  " + std::string(command.name) + " "));
    for (const ExitCodeDesc& code : exit_code_table())
        EXPECT_THAT(text, HasSubstr("\n  " + std::string(code.number) + " "));
}

TEST(Help, ShowsTheOptionsOfACommandAndNoOthers)
{
    for (const CommandDesc& command : command_table()) {
        const std::string text = help_text(&command);
        for (const OptionDesc& option : option_table()) {
            const std::string row = "\n  --" + std::string(option.name);
            if (belongs_to(option, command.id))
                EXPECT_THAT(text, HasSubstr(row)) << command.name;
            else
                EXPECT_THAT(text, Not(HasSubstr(row + " "))) << command.name;
        }
    }
}

TEST(Help, ListsOnlyWhatApplies)
{
    for (const char* const name : {"man", "completion", "help", "version", "explain", "layout"}) {
        const std::string text = help_text(find_command(name));
        for (const char* const other : {"--root", "--state-dir", "--only", "--jobs", "--strict", "--no-progress",
                                        "\n  5 ", "\n  75 ", "\n  126 ", "ENABLE_"})
            EXPECT_THAT(text, Not(HasSubstr(other))) << name;
        EXPECT_THAT(text, HasSubstr("--output")) << name;
        EXPECT_THAT(text, HasSubstr("\n  64 ")) << name;
    }
    const std::string history = help_text(find_command("history"));
    for (const char* const other : {"--jobs", "--no-progress", "\n  2 ", "\n  75 ", "\n  126 "})
        EXPECT_THAT(history, Not(HasSubstr(other)));
    for (const char* const own : {"--state-dir", "--only", "--limit", "--strict", "\n  3 "})
        EXPECT_THAT(history, HasSubstr(own));
    for (const char* const own : {"--jobs", "\n  2 ", "\n  5 ", "\n  75 ", "\n  127 ", "ENABLE_"})
        EXPECT_THAT(help_text(find_command("apply")), HasSubstr(own));
}

TEST(Help, NamesNoOptionThatTheCommandLacks)
{
    const std::regex option("--([a-z][a-z-]*)");
    for (const CommandDesc& command : command_table()) {
        const std::string text(command.details);
        for (std::sregex_iterator match(text.begin(), text.end(), option), end; match != end; ++match) {
            const OptionDesc* const found = find_option((*match)[1].str());
            ASSERT_NE(found, nullptr) << command.name << ": " << match->str();
            EXPECT_TRUE(belongs_to(*found, command.id)) << command.name << ": " << match->str();
        }
    }
}

TEST(Help, BeginsWithTheUsage)
{
    EXPECT_THAT(help_text(nullptr), testing::StartsWith("Usage: mailstate COMMAND [OPTION…]\n"));
    EXPECT_THAT(help_text(find_command("layout")),
                testing::StartsWith("Usage: mailstate layout [OPTION…] list | show LAYOUT|FILE | validate FILE\n"));
}

TEST(Help, SaysTheDefaults)
{
    EXPECT_THAT(help_text(find_command("apply")), HasSubstr("60)\n"));
    EXPECT_THAT(help_text(find_command("apply")), HasSubstr("(default: metadata)"));
}

TEST(OptionTable, HasEachNameOnce)
{
    std::set<std::string_view> names;
    for (const OptionDesc& option : option_table()) {
        EXPECT_TRUE(names.insert(option.name).second) << option.name;
        EXPECT_FALSE(option.help.empty()) << option.name;
        EXPECT_FALSE(option.help.ends_with('.')) << option.name;
        EXPECT_NE(option.assign, nullptr) << option.name;
        EXPECT_EQ(find_option(option.name), &option);
    }
    EXPECT_EQ(find_option("nothing"), nullptr);
}

TEST(OptionTable, NamesTheVariables)
{
    EXPECT_EQ(variable_of(*find_option("lock-timeout")), "MAILSTATE_LOCK_TIMEOUT");
    EXPECT_EQ(variable_of(*find_option("only")), "MAILSTATE_ONLY");
}

TEST(OptionTable, TakesEveryChoiceThatItShows)
{
    for (const OptionDesc& option : option_table()) {
        // Choices are words; what stands in capitals are kinds of things.
        const bool are_kinds = !option.placeholder.empty() && option.placeholder.front() < 'a';
        if (option.placeholder.find('|') == std::string_view::npos || are_kinds) continue;
        std::istringstream choices{std::string(option.placeholder)};
        for (std::string choice; std::getline(choices, choice, '|');) {
            Options options;
            EXPECT_TRUE(option.assign(options, choice).has_value()) << option.name << " " << choice;
        }
        Options options;
        EXPECT_FALSE(option.assign(options, "nonsense").has_value()) << option.name;
    }
}

TEST(CommandTable, HasARunAndAnExampleForEachRow)
{
    for (const CommandDesc& command : command_table()) {
        EXPECT_NE(command.run, nullptr);
        EXPECT_FALSE(command.examples.empty());
        EXPECT_EQ(find_command(command.name), &command);
    }
    EXPECT_EQ(find_command("rehearsal"), nullptr);
}

}  // namespace
}  // namespace mailstate
