// SPDX-License-Identifier: MIT
// A destination that is there before mailstate ever was: is it what an interrupted cp or mv of the origin left?
#pragma once

#include "engine/tree_walk.hpp"
#include "engine/workspace.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

// Was no workspace ever on this volume? One that was made and holds nothing yet (a first run was killed) is none; a
// broken one is one, and so is whatever else has mailstate in its name or the shape of a workspace.
Result<bool> is_untouched(const Reader& reader, const DirectoryRef& volume);

// Both are of the entry's kind; the destination may be a mount, and nothing in it. Reads both, name by name, as long as
// nothing of the destination is its own.
Result<ForeignCopy> compare_foreign_copy(const World& world, Kind kind, const Name& origin, const Name& destination);

}  // namespace mailstate
