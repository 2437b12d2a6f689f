// SPDX-License-Identifier: MIT
// What apply and rollback say of themselves in the same words.
#pragma once

#include "mailstate/engine.hpp"

namespace mailstate {

// An error that ends the run: outcome and finding. untouched: nothing was changed so far.
void stop_run(Report& report, const Stop& stop, const Error& error, bool untouched);

Finding socket_finding(const std::string& entry, const std::string& path);

}  // namespace mailstate
