// SPDX-License-Identifier: MIT
// Staging: a complete, compared and durable copy of an origin under a name that nobody uses yet.
#pragma once

#include "engine/copy_tree.hpp"
#include "engine/entry_move.hpp"

namespace mailstate {

// Staging inside a destination that is a mount of its own: ".mailstate-staging.<run>".
inline constexpr const char* mount_staging_prefix = ".mailstate-staging.";

struct Staged {
    DirectoryRef at;   // the directory that holds the copy
    std::string name;  // of the copy in it
    CopyTotals totals;
};

// Into `at` (the workspace's staging, or a destination that is a mount of its own) under `name`. synced: a descriptor
// of the filesystem, opened before the first write. On failure what was copied is removed, and nothing else has
// changed.
Result<Staged> stage_origin(const Run& run, const Entry& entry, const DirectoryRef& at, const std::string& name,
                            const DirectoryRef& synced, Cross cross);

// The staged copy becomes the destination, durably. ENOTEMPTY, EEXIST: somebody made one meanwhile.
Result<> publish_staged(const Run& run, const Entry& entry, const Staged& staged);

// For an origin that was rolled back, and is newer than what the volume has: that is set aside whole, unless it is the
// same.
Result<Done> publish_again(const Run& run, const Entry& entry);

// For a destination that is a mount point, and cannot be renamed over: recorded in the ledger first, then name by name.
Result<> publish_into_mount(const Run& run, const Entry& entry, const DirectoryRef& destination,
                            const std::string& staging_name);
// The second half of it, also for a run that was cut off.
Result<> finish_publishing(const Run& run, const Entry& entry, const DirectoryRef& destination,
                           const std::string& staging_name);

}  // namespace mailstate
