// SPDX-License-Identifier: MIT
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// Can nothing of the tree be removed as it is now, and has nothing in it changed since it was copied? So it is where
// all that is left is immutable, or in read-only subvolumes. An append-only file may have grown: then it is not so.
Result<bool> is_stuck(const World& world, const DirectoryRef& tree);

// Has no directory of it changed since then, by the clock of its filesystem? So no name was removed.
Result<bool> is_whole_since(const World& world, const DirectoryRef& tree, const Timestamp& then);

}  // namespace mailstate
