// SPDX-License-Identifier: MIT
// The commands: one row each. The parser, the help, the man page and the completions read the same rows.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "app/commands.hpp"

namespace mailstate {

enum class Command : unsigned {
    plan,
    apply,
    verify,
    rollback,
    history,
    displaced,
    check,
    probe,
    seal,
    sni,
    layout,
    rehearse,
    explain,
    man,
    completion
};

// Which commands an option belongs to.
using CommandSet = unsigned;
constexpr CommandSet only_for(Command command)
{
    return 1U << static_cast<unsigned>(command);
}
inline constexpr CommandSet every_command = ~0U;

struct CommandDesc {
    Command id = Command::plan;
    std::string_view name;
    std::string_view arguments;  // "list | show LAYOUT|FILE | validate FILE"; empty: takes none
    std::string_view summary;    // for the list of commands
    std::string_view details;    // a paragraph or more, wrapped when shown
    std::vector<std::string_view> examples;
    Answer (*run)(const Call& call) = nullptr;
};

std::span<const CommandDesc> command_table();
const CommandDesc* find_command(std::string_view name);  // null where there is none

}  // namespace mailstate
