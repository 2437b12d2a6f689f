// SPDX-License-Identifier: MIT
// The parts of planning that look at more than one entry.
#pragma once

#include "mailstate/plan.hpp"
#include "mailstate/renumber.hpp"

namespace mailstate {

// State directory absent, not mounted, read-only; workspace or ledger unusable: blocks the plan or turns decisions into
// leave_alone, with one finding each.
void apply_volume_rules(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan);

// Bytes and inodes of all moves against what is free, smallest first so that the most services fit. What does not fit
// is left alone, with numbers.
void reserve_space(const Survey& survey, Plan& plan);

}  // namespace mailstate
