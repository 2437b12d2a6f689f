// SPDX-License-Identifier: MIT
// Links at a destination that lead into the origin (cp -rs, stow): once the origin is a link to the destination, they
// lead to themselves.
#pragma once

#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// The first that was met, relative to the destination; empty: none. Looks at the names that the origin has. Both are
// directories.
Result<std::string> find_link_loop(const World& world, const Entry& entry, const DirectoryRef& origin,
                                   const DirectoryRef& destination);

}  // namespace mailstate
