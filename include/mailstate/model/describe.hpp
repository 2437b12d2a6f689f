// SPDX-License-Identifier: MIT
// One wording for what is planned, done and recorded: the dry run, the log, the report and the ledger all use it.
#pragma once

#include <string>

#include "mailstate/model/plan.hpp"

namespace mailstate {

enum class Tense { would, doing, done };

// "to move /var/lib/redis to /var/mail-state/lib-redis", "moving …", "moved …"
std::string describe(const PlanEntry& entry, Tense tense);

}  // namespace mailstate
