// SPDX-License-Identifier: MIT
// The command line and the environment into Options. Pure: nothing is opened, nothing is printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command_table.hpp"
#include "app/options.hpp"
#include "mailstate/error.hpp"
#include "mailstate/settings.hpp"

namespace mailstate {

struct Parsed {
    Options options;                       // as far as it could be read, even where there is a problem
    const CommandDesc* command = nullptr;  // null: none was named
    bool help = false;
    bool version = false;
    std::vector<std::string> notices;  // for the log: a variable that nobody reads
    std::optional<Error> problem;      // the first; exit 64
};

// Command line over MAILSTATE_<NAME> over LOG_LEVEL over the defaults. An empty variable is an unset one.
Parsed parse_options(const std::vector<std::string>& arguments, const Variables& environment);

}  // namespace mailstate
