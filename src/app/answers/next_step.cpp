// SPDX-License-Identifier: MIT
#include "app/answers/next_step.hpp"

#include <algorithm>
#include <cctype>

#include "app/cli/command_table.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/option_values.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

bool is_plain(char letter)
{
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("_/.,:=@%+-").find(letter) != std::string_view::npos;
}

bool is_on(const std::string& value)
{
    bool on = false;
    return assign_switch(on, value) && on;
}

bool says_where_or_what(const OptionDesc& option)
{
    return option.group == OptionGroup::place || option.group == OptionGroup::decision;
}

}  // namespace

std::string quoted(const std::string& text)
{
    if (!text.empty() && std::ranges::all_of(text, is_plain)) return text;
    std::string result = "'";
    for (const char letter : printable(text)) result += letter == '\'' ? "'\\''" : std::string(1, letter);
    return result + "'";
}

std::string command_line(std::string_view command, const Options& options)
{
    std::string line = "mailstate " + std::string(command);
    const CommandDesc* const row = find_command(command.substr(0, command.find(' ')));
    for (const auto& [name, value] : options.given) {
        const OptionDesc* const option = find_option(name);
        if (row == nullptr || option == nullptr || !belongs_to(*option, row->id) || !says_where_or_what(*option))
            continue;
        if (option->placeholder.empty() && !is_on(value)) continue;
        line += " --" + name;
        if (!option->placeholder.empty()) line += " " + quoted(value);
    }
    return line;
}

std::string next_line(std::string_view text, const Options& options)
{
    return text.empty() || leaves_stdout_alone(options) ? std::string() : "\nNext: " + std::string(text);
}

}  // namespace mailstate
