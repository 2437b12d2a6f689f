// SPDX-License-Identifier: MIT
// What a copy in staging holds that a survivor holds, too. The copy may be one that a killed run has not finished: then
// each file of it is the beginning of one.
#pragma once

#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

// The proof that the copy may go; nothing where it has something that the survivor has not.
Result<std::optional<Proof>> held_by(const Reader& reader, const Place& copy, const Place& survivor);

// Removes it, file by file; directories that both have go once they are empty.
Result<> remove_held(const World& world, Writer& writer, const DirectoryRef& from, const DirectoryRef& survivor);

// Null where there is none. Also what is mounted there: an adopted origin is a mount, or has some inside.
Result<DirectoryRef> survivor_below(const Reader& reader, const Name& item);

}  // namespace mailstate
