// SPDX-License-Identifier: MIT
// What the volume refuses an entry: what an earlier run has found that it cannot keep, and what it lacks.
#pragma once

#include "mailstate/model/ledger.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

// Null where nothing is remembered, or where the volume or the origin is another since.
const NotKept* not_kept_record(const Ledger& ledger, const Survey& survey, const Entry& entry);

// It may be the engine that refuses, not the volume.
std::string lacking_reason(const Tested& found, const std::string& ability, const ProcessFacts& process);

}  // namespace mailstate
