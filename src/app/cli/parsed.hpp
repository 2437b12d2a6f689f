// SPDX-License-Identifier: MIT
// What a command line and its environment say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/cli/command_table.hpp"
#include "app/cli/options.hpp"
#include "mailstate/base/error.hpp"

namespace mailstate {

struct Parsed {
    Options options;                       // as far as it could be read, even where there is a problem
    const CommandDesc* command = nullptr;  // null: none was named
    bool help = false;
    bool version = false;
    std::vector<std::string> notices;  // for the log: a variable that nobody reads
    std::optional<Error> problem;      // the first; exit 64
};

}  // namespace mailstate
