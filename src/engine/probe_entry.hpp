// SPDX-License-Identifier: MIT
#pragma once

#include "engine/surroundings.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// What the kernel refuses is in the survey's `problem`; an error is only a stop or a tree that cannot be walked at all.
// size: of the origin, where it is known.
Result<EntrySurvey> probe_entry(const World& world, const Survey& survey, const PlanOptions& options,
                                const Surroundings& surroundings, const Entry& entry,
                                const std::optional<TreeSize>& size);

}  // namespace mailstate
