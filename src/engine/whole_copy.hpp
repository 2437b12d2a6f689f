// SPDX-License-Identifier: MIT
#pragma once

#include "engine/tree_walk.hpp"

namespace mailstate {

// Is this copy, which an interrupted run has left, one that was made to its end? A copy gets its mtime last. Whether a
// file holds the same, this does not say.
Result<bool> is_whole(const Reader& reader, const Place& origin, const Place& copy);

}  // namespace mailstate
