// SPDX-License-Identifier: MIT
// Which commands something belongs to: an option, an exit code, a variable.
#pragma once

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
    completion,
    help,
    version
};

using CommandSet = unsigned;
constexpr CommandSet only_for(Command command)
{
    return 1U << static_cast<unsigned>(command);
}
inline constexpr CommandSet every_command = ~0U;
// Those that print what the program knows, and look at no system.
inline constexpr CommandSet telling = only_for(Command::explain) | only_for(Command::man) |
                                      only_for(Command::completion) | only_for(Command::help) |
                                      only_for(Command::version);
inline constexpr CommandSet on_a_system = every_command & ~telling & ~only_for(Command::layout);
// Those that take their time over a system.
inline constexpr CommandSet at_work = on_a_system & ~only_for(Command::history);

}  // namespace mailstate
