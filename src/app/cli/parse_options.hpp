// SPDX-License-Identifier: MIT
// The command line and the environment into Options. Pure: nothing is opened, nothing is printed.
#pragma once

#include <string>
#include <vector>

#include "app/cli/parsed.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

// Command line over MAILSTATE_<NAME> over LOG_LEVEL over the defaults. An empty variable is an unset one.
Parsed parse_options(const std::vector<std::string>& arguments, const Variables& environment);

}  // namespace mailstate
