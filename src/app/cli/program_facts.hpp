// SPDX-License-Identifier: MIT
// What help and man page say of the program as a whole, beside its commands, options and exit codes.
#pragma once

#include <span>
#include <string_view>

#include "app/cli/command_set.hpp"

namespace mailstate {

struct Fact {
    std::string_view name, meaning;
    CommandSet commands = every_command;
};

std::string_view program_summary();      // half a line
std::string_view program_description();  // a sentence
std::span<const Fact> environment_table();
std::span<const Fact> file_table();  // paths as they are with the layouts' own state directory

}  // namespace mailstate
