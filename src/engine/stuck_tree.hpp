// SPDX-License-Identifier: MIT
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// Can nothing of the tree be removed as it is now, and has nothing in it changed since it was copied? So it is where
// all that is left is immutable, or in read-only subvolumes. An append-only file may have grown: then it is not so.
Result<bool> is_stuck(const World& world, const DirectoryRef& tree);

}  // namespace mailstate
