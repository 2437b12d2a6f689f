// SPDX-License-Identifier: MIT
// How the program ends: with an exit code, or as another one.
#pragma once

#include <string>
#include <vector>

#include "app/cli/options.hpp"

namespace mailstate {

struct Ending {
    int exit_code = 0;
    std::vector<std::string> program;  // to be started in place of this one; empty: none
    LogFormat log_format = LogFormat::text;
};

}  // namespace mailstate
