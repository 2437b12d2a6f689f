// SPDX-License-Identifier: MIT
#include "app/answers/next_step.hpp"

#include "app/cli/command_table.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/option_values.hpp"
#include "mailstate/base/shell_word.hpp"

namespace mailstate {

namespace {

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
        if (!option->placeholder.empty()) line += " " + shell_word(value);
    }
    return line;
}

std::string next_line(std::string_view text, const Options& options)
{
    return text.empty() || leaves_stdout_alone(options) ? std::string() : "\nNext: " + std::string(text);
}

}  // namespace mailstate
