// SPDX-License-Identifier: MIT
// Removing trees, never across a mount and never through a link.
#pragma once

#include "engine/judge.hpp"
#include "engine/walk.hpp"

namespace mailstate {

// A name with all below it. Nothing to do where it is absent. EXDEV where something is mounted in it.
Result<> remove_tree(const World& world, Writer& writer, const DirectoryRef& at, const std::string& name);

// EBUSY where something in the directory is not safe at `kept`.
Result<> check_nothing_is_new(const World& world, const DirectoryRef& directory, const DirectoryRef& kept,
                              const Judge& judge);

// Empties a directory whose content has a home at `kept`: before a name is removed it is judged once more against it.
// EBUSY where a name is not safe there (it came or changed meanwhile): those stay, and all directories.
enum class Reachable : bool { no, yes };  // does the directory stand where a service looks for it
Result<> empty_directory(const World& world, Writer& writer, const DirectoryRef& directory, const DirectoryRef& kept,
                         const Judge& judge, Reachable reachable);

}  // namespace mailstate
