// SPDX-License-Identifier: MIT
// The decision table's rows for one enabled entry, given a volume that can be written.
#pragma once

#include "mailstate/model/plan.hpp"

namespace mailstate {

void decide(const Survey& survey, const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
            PlanEntry& planned, std::vector<Finding>& findings);

}  // namespace mailstate
