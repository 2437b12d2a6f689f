// SPDX-License-Identifier: MIT
#include "app/help.hpp"

#include <algorithm>

#include "app/exit_code.hpp"
#include "app/option_table.hpp"
#include "app/paragraph.hpp"

namespace mailstate {

namespace {

constexpr std::size_t option_column = 28;
constexpr std::size_t name_column = 12;

// "  NAME      TEXT…", the text wrapped under itself; a name too wide for its column has a line of its own.
std::string row(std::string_view name, std::string_view text, std::size_t column)
{
    std::string line = "  " + std::string(name);
    if (columns_of(line) + 2 > column)
        line += "\n" + std::string(column, ' ');
    else
        line = padded(line, column);
    return line + wrapped(text, column, column);
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
    return text + row("-h, --help", "this text; mailstate COMMAND --help for a command's own", option_column) +
           row("-V, --version", "the version", option_column);
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

std::string exit_codes_section()
{
    std::string text = "\nExit codes:\n";
    for (const ExitCodeDesc& code : exit_code_table()) text += row(code.number, code.meaning, name_column);
    return text;
}

std::string environment_section()
{
    return "\nEnvironment:\n" +
           row("MAILSTATE_<NAME>", "every option above: MAILSTATE_STATE_DIR=/srv/state, MAILSTATE_STRICT=1", 22) +
           row("LOG_LEVEL", "as --log-level, where MAILSTATE_LOG_LEVEL is not set", 22) +
           row("NO_COLOR", "no colour, unless --color always", 22) +
           row("ENABLE_…", "the variables that the layout names switch entries on and off", 22);
}

}  // namespace

std::string help_text(const CommandDesc* command)
{
    std::string text = "Usage: mailstate ";
    if (command == nullptr) {
        text += "COMMAND [OPTION…]\n\n";
        text += wrapped(
            "Brings the state of a mail container's services onto one volume, links the old places to it, puts owners "
            "and modes right, and leaves alone what somebody else has mounted.",
            0);
        text += commands_section();
    } else {
        text += std::string(command->name) + " [OPTION…]";
        if (!command->arguments.empty()) text.append(" ").append(command->arguments);
        text += "\n\n" + wrapped(command->details, 0);
    }
    return text + options_section(command) + examples_section(command) + exit_codes_section() + environment_section();
}

}  // namespace mailstate
