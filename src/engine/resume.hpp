// SPDX-License-Identifier: MIT
// A copy that an interrupted run has left in staging, taken up again: what is whole in it is not copied once more. No
// record is kept of each file. A file of the copy that has its origin's size, owner, mode and mtime is kept; whatever
// is not known to be unchanged since the copying began is compared by its content and its extended attributes before
// the copy is published.
#pragma once

#include "engine/run.hpp"

namespace mailstate {

struct Resumed {
    std::string name;                         // of the copy, as it was claimed: its record goes by that
    Timestamp at;                             // by the volume's clock: what is older in the copy, an earlier run made
    std::optional<Timestamp> trusted_before;  // what did not change since is as it was copied; nothing: who knows
};

// Is a copy into this directory one that may be taken up again? Not where a service's user works, whose directories
// others may not write, and not where a mount is filled in place.
bool is_resumable(const Run& run, const Entry& entry, const DirectoryRef& at);

// The copy that claim_staging() has kept of this entry. Nothing: none was kept.
Result<std::optional<Resumed>> take_up(const Run& run, const EntryPlaces& places, const DirectoryRef& at);

// May an item of the copy be another than its origin, though size, owner, mode and mtime are the same? In its content,
// or in an extended attribute, which sets nothing but the ctime.
bool is_doubtful(const Resumed& resumed, const Attributes& origin, const Attributes& copy);

}  // namespace mailstate
