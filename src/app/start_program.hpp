// SPDX-License-Identifier: MIT
// apply -- CMD ARG…: the command takes the place of this process, as the services of a container do.
#pragma once

#include "app/answers/ending.hpp"
#include "app/cli/options.hpp"
#include "app/process_state.hpp"
#include "mailstate/engine/stop.hpp"

namespace mailstate {

// May CMD start after this exit code? After 0; after 3, 4, 5 and 75 only with --keep-going; after others never.
bool may_start(int exit_code, const Options& options);

// execve(2): the same pid, environment and descriptors, signals and limits as they were found. Returns the exit code
// where that fails: 127 where there is no such program, else 126, and 128 + n where signal n came before.
int start_program(const Ending& end, const ProcessState& state, const Stop& stop);

}  // namespace mailstate
