// SPDX-License-Identifier: MIT
// Removing trees, never across a mount and never through a link.
#pragma once

#include "engine/judge.hpp"
#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// A name with all below it, by a proof that is good for all of it. Nothing to do where it is absent. EXDEV where
// something is mounted in it.
Result<> remove_tree(const World& world, Writer& writer, const Name& item, const Proof& proof);
// The same of what only we make: EPERM for any other name.
Result<> remove_own(const World& world, Writer& writer, const Name& item);

// EBUSY where something in the directory is not safe elsewhere, as the judge sees it.
// names: of the directory itself.
Result<> check_nothing_is_new(const World& world, const DirectoryRef& directory, const DirectoryRef& kept,
                              const Judge& judge, Names names);

// Empties a directory whose content has a home at `kept`: before a name is removed it is judged once more against it.
// EBUSY where a name is not safe there (it came or changed meanwhile): those stay, and all directories.
enum class Reachable : bool { no, yes };  // does the directory stand where a service looks for it
Result<> empty_directory(const World& world, Writer& writer, const DirectoryRef& directory, const DirectoryRef& kept,
                         const Judge& judge, Reachable reachable, Names names);

}  // namespace mailstate
