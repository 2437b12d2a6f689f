// SPDX-License-Identifier: MIT
// Help, rendered from the tables of commands, options and exit codes.
#pragma once

#include <string>

#include "app/cli/command_table.hpp"

namespace mailstate {

std::string help_text(const CommandDesc* command);  // null: of the whole program

}  // namespace mailstate
