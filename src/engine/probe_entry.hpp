// SPDX-License-Identifier: MIT
#pragma once

#include "engine/nesting.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// What the looks at all entries have in common.
struct Surroundings {
    DirectoryRef volume;                   // null where there is no state directory
    std::optional<Whereabouts> volume_at;  // nothing where there is none
    MountTable mounts;
};

// What the kernel refuses is in the survey's `problem`; an error is only a stop or a tree that cannot be walked at all.
// size: of the origin, where it is known.
Result<EntrySurvey> probe_entry(const World& world, const Survey& survey, const PlanOptions& options,
                                const Surroundings& surroundings, const Entry& entry,
                                const std::optional<TreeSize>& size);

}  // namespace mailstate
