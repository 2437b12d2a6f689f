// SPDX-License-Identifier: MIT
#include "app/cli/help.hpp"

#include <algorithm>

#include "app/cli/exit_code.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/program_facts.hpp"
#include "app/output/paragraph.hpp"

namespace mailstate {

namespace {

constexpr std::size_t option_column = 28;
constexpr std::size_t name_column = 14;
constexpr std::size_t variable_column = 22;

// "  NAME      TEXT…", the text wrapped under itself; a name too wide for its column has a line of its own.
std::string row(std::string_view name, std::string_view text, std::size_t column)
{
    std::string line = "  " + std::string(name);
    if (columns_of(line) + 2 > column)
        line += "\n" + std::string(column, ' ');
    else
        line = padded(line, column);
    return line + wrapped(text, column, column, page_width);
}

std::string option_row(const OptionDesc& option)
{
    std::string name = "--" + std::string(option.name);
    if (!option.placeholder.empty()) name.append(" ").append(option.placeholder);
    std::string text(option.help);
    if (!option.fallback.empty()) text.append(" (default: ").append(option.fallback).append(")");
    return row(name, text, option_column);
}

bool is_shown(const OptionDesc& option, const CommandDesc* command)
{
    return command == nullptr ? is_common(option) : belongs_to(option, command->id);
}

std::string options_section(const CommandDesc* command)
{
    std::string text;
    for (const OptionGroup group : {OptionGroup::place, OptionGroup::decision, OptionGroup::run, OptionGroup::output}) {
        std::string rows;
        for (const OptionDesc& option : option_table())
            if (option.group == group && is_shown(option, command)) rows += option_row(option);
        if (!rows.empty()) text.append("\n").append(heading(group)).append(":\n").append(rows);
    }
    for (const SwitchDesc& each : switch_table())
        text += row(std::string("-") + each.letter + ", --" + std::string(each.name), each.help, option_column);
    return text;
}

std::string commands_section()
{
    std::string text = "\nCommands:\n";
    for (const CommandDesc& command : command_table()) text += row(command.name, command.summary, name_column);
    return text;
}

std::string examples_section(const CommandDesc* command)
{
    std::string text = "\nExamples:\n";
    for (const CommandDesc& each : command_table())
        for (const std::string_view example : each.examples) {
            if (command == nullptr ? example == each.examples.front() : command == &each)
                text.append("  ").append(example).append("\n");
        }
    return text;
}

bool belongs_to(CommandSet commands, const CommandDesc* command)
{
    return command == nullptr || (commands & only_for(command->id)) != 0;
}

std::string exit_codes_section(const CommandDesc* command)
{
    std::string text = "\nExit codes:\n";
    for (const ExitCodeDesc& code : exit_code_table())
        if (belongs_to(code.commands, command)) text += row(code.number, code.meaning, name_column);
    return text;
}

std::string environment_section(const CommandDesc* command)
{
    std::string text = "\nEnvironment:\n";
    for (const Fact& variable : environment_table())
        if (belongs_to(variable.commands, command)) text += row(variable.name, variable.meaning, variable_column);
    return text;
}

}  // namespace

std::string help_text(const CommandDesc* command)
{
    std::string text = "Usage: mailstate ";
    if (command == nullptr) {
        text += "COMMAND [OPTION…]\n\n";
        text += wrapped(program_description(), 0, 0, page_width);
        text += commands_section();
    } else {
        text += std::string(command->name) + " [OPTION…]";
        if (!command->arguments.empty()) text.append(" ").append(command->arguments);
        text += "\n\n" + wrapped(command->details, 0, 0, page_width);
    }
    return text + options_section(command) + examples_section(command) + exit_codes_section(command) +
           environment_section(command);
}

}  // namespace mailstate
