// SPDX-License-Identifier: MIT
// What is wrong with a command line, with what to do about it.
#pragma once

#include <string_view>

#include "app/cli/command_table.hpp"
#include "app/cli/option_table.hpp"
#include "mailstate/base/error.hpp"

namespace mailstate {

Error nothing_to_start();  // apply --
Error missing_command();
Error unknown_command(std::string_view name);
Error unknown_option(std::string_view argument, const CommandDesc* command);  // command may be null
Error unexpected_argument(std::string_view argument, const CommandDesc& command);
Error bad_option_value(const OptionDesc& option, const Error& reason, const CommandDesc* command);
Error missing_value(std::string_view parser_message);  // CLI11's: "--jobs: 1 required TEXT missing"

std::string see_help(const CommandDesc* command);  // "See: mailstate plan --help."

}  // namespace mailstate
