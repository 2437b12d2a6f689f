// SPDX-License-Identifier: MIT
// Where an entry is: the directories that hold the names of its origin and of its destination. Nothing is made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// The places of one entry, opened once for all that a run does with it and handed down: what is renamed on the way to
// the directories that hold them changes nothing for this run. Deliberately looked at anew, through these, is what has
// to be true at that moment: see check_kept(), check_published() and opened_destination().
struct EntryPlaces {
    const Entry& entry;
    Name origin, destination;
};

// ENOENT where the directory is missing.
Result<Name> find_origin(const World& world, const Entry& entry);
Result<Name> find_destination(const World& world, const Entry& entry);
// The destination, or what was set aside under that name.
Result<Name> find_returning(const World& world, const Entry& entry, const std::string& displaced);

// Opened to be worked in, as that user where one is named.
Result<DirectoryRef> open_destination(const Reader& reader, const Name& spot, Cross cross,
                                      const std::optional<Owner>& as_user);

// What a vacant destination may hold: what is ours, and what its storage made.
bool may_be_in_vacant(const Layout& layout, std::string_view name);

}  // namespace mailstate
