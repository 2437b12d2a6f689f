// SPDX-License-Identifier: MIT
// What apply and rollback say of themselves in the same words.
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct Done;

// An error that ends the run: outcome and finding. untouched: nothing was changed so far.
void stop_run(Report& report, const Stop& stop, const Error& error, bool untouched);

EntryReport report_at_first(const PlanEntry& planned);  // before anything was done

// Is it a step to announce before it is done? By files and bytes.
bool may_take_long(const PlanEntry& planned);

// " (2 files, 1.3 MiB)", to be put behind what was done; empty where nothing was copied.
std::string amount_of(const Amount& amount);
std::string amount_of(const Done& done);

Finding socket_finding(const std::string& entry, const std::string& path);

}  // namespace mailstate
