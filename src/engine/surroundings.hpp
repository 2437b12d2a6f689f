// SPDX-License-Identifier: MIT
#pragma once

#include "engine/nesting.hpp"

namespace mailstate {

// What the looks at all entries have in common.
struct Surroundings {
    DirectoryRef volume;                   // null where there is no state directory
    std::optional<Whereabouts> volume_at;  // nothing where there is none
    MountTable mounts;
};

}  // namespace mailstate
