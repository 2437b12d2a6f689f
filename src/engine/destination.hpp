// SPDX-License-Identifier: MIT
// Finding destinations without making anything.
#pragma once

#include "engine/entry_move.hpp"

namespace mailstate {

// The directory that holds the destination's name. ENOENT where the volume or a parent is missing.
Result<Spot> find_destination(const World& world, const Entry& entry);

// Opened to be worked in, as that user where one is named.
Result<DirectoryRef> open_destination(const Reader& reader, const Spot& spot, Cross cross,
                                      const std::optional<Owner>& as_user);

// What a vacant destination may hold: what is ours, and what its filesystem made where it is a mount of its own.
bool may_be_in_vacant(const std::string& name, bool is_mount);

// A mount point cannot be renamed over, and who works as another user may not do it either: it is filled in place.
bool is_filled_in_place(const Run& run, const Entry& entry);
Result<DirectoryRef> opened_destination(const Run& run, const Entry& entry, const Spot& spot);

// The clock of the filesystem of each destination that exists, by entry name; "" is the volume's own.
Result<std::map<std::string, Timestamp>> clocks(const World& world, Writer& writer, const Workspace& workspace);
Timestamp begun_of(const Translation& translation, const std::string& entry);

}  // namespace mailstate
