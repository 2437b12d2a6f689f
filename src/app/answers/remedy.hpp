// SPDX-License-Identifier: MIT
// What to do if the system refused a file that the user has named.
#pragma once

#include <string>

#include "app/cli/options.hpp"
#include "mailstate/base/error.hpp"

namespace mailstate {

// "Name the right one with --settings (MAILSTATE_SETTINGS)."; the error's own hint where it has one; empty where nobody
// named its subject.
std::string remedy_for(const Error& error, const Options& options);

}  // namespace mailstate
