// SPDX-License-Identifier: MIT
// The commands: one row each. The parser, the help, the man page and the completions read the same rows.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_set.hpp"
#include "app/commands/commands.hpp"

namespace mailstate {

struct CommandDesc {
    Command id = Command::plan;
    std::string_view name;
    std::string_view arguments;  // "list | show LAYOUT|FILE | validate FILE"; empty: takes none
    std::string_view summary;    // for the list of commands
    std::string details;         // a paragraph or more, wrapped when shown
    std::vector<std::string_view> examples;
    Answer (*run)(const Call& call) = nullptr;
};

std::span<const CommandDesc> command_table();
std::vector<std::string> command_names();                // in the order of the table
const CommandDesc* find_command(std::string_view name);  // null where there is none

}  // namespace mailstate
