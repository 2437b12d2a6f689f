// SPDX-License-Identifier: MIT
// Staging: a complete, compared and durable copy of an origin under a name that nobody uses yet.
#pragma once

#include "engine/copy_tree.hpp"
#include "engine/run.hpp"

namespace mailstate {

struct Staged : Name {  // the copy
    CopyTotals totals;
    Digest sum;  // of what was copied, by TreeSum: whether anybody touches it later
};

// Into `at` (the workspace's staging, or a destination that is a mount of its own) under `name`. synced: a descriptor
// of the filesystem, opened before the first write. On failure what was copied is removed, and nothing else has
// changed; where a signal has ended it, it stays for the next run to go on with.
Result<Staged> stage_origin(const Run& run, const EntryPlaces& places, const Name& item, const DirectoryRef& synced,
                            Cross cross);
// A copy that is not published, with its record.
Result<> remove_staged(const Run& run, const Entry& entry, const Name& item);

}  // namespace mailstate
