// SPDX-License-Identifier: MIT
// Exit codes: the published table, used by the code and by the help.
#pragma once

#include <span>
#include <string_view>

#include "app/cli/command_set.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

enum class ExitCode : int {
    done = 0,
    changes = 2,
    problems_found = 3,
    blocked = 4,
    midway = 5,
    usage = 64,     // EX_USAGE of sysexits(3)
    bad_file = 65,  // EX_DATAERR
    locked = 75,    // EX_TEMPFAIL
};

struct ExitCodeDesc {
    std::string_view number;
    std::string_view meaning;
    CommandSet commands = every_command;
};
std::span<const ExitCodeDesc> exit_code_table();

enum class Strict : bool { no, yes };

int number_of(ExitCode code);
int signal_exit_code(int signal);

// For what only looks: 128+n where a signal cut it short, since not everything was looked at.
int unless_stopped(const Stop& stop, ExitCode code);

// What apply ends with. `signal` is asked only where the outcome is interrupted.
int exit_code_of(Outcome outcome, Severity worst, Strict strict, int signal);
// What verify and check end with.
ExitCode exit_code_of(Severity worst, Strict strict);

std::string_view name_of(Outcome outcome);  // "done", "blocked", …

}  // namespace mailstate
