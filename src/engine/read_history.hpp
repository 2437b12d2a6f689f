// SPDX-License-Identifier: MIT
// Reading the history.
#pragma once

#include "mailstate/engine/engine.hpp"
#include "mailstate/model/history.hpp"

namespace mailstate {

// Takes no lock and changes nothing. Empty where there is no volume, or where nothing was done on it yet. The ledger
// may be lost: what it says of a run that was cut off is missing then, and a finding says so where it is damaged.
Result<History> read_history(const World& world, std::vector<Finding>& findings);

}  // namespace mailstate
