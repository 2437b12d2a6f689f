// SPDX-License-Identifier: MIT
// The program from its command line to its exit code.
#pragma once

#include <string>
#include <vector>

#include "app/answers/ending.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

// The result goes to `output`, the log to stderr.
Ending run_program(const std::vector<std::string>& arguments, const Variables& environment, const Stop& stop,
                   int output);

}  // namespace mailstate
