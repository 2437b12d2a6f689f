// SPDX-License-Identifier: MIT
#pragma once

#include "engine/tree_walk.hpp"

namespace mailstate {

// Has the one regular file what the other begins with, or all of it? Reads both, so far.
Result<bool> is_beginning(const Reader& reader, const Place& copy, const Place& whole);

}  // namespace mailstate
