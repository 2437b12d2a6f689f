// SPDX-License-Identifier: MIT
// The program from its command line to its exit code.
#pragma once

#include <string>
#include <vector>

#include "app/options.hpp"
#include "mailstate/engine.hpp"
#include "mailstate/settings.hpp"

namespace mailstate {

struct Ending {
    int exit_code = 0;
    std::vector<std::string> program;  // to be started in place of this one; empty: none
    LogFormat log_format = LogFormat::text;
};

// The result goes to `output`, the log to stderr.
Ending run_program(const std::vector<std::string>& arguments, const Variables& environment, const Stop& stop,
                   int output);

}  // namespace mailstate
