// SPDX-License-Identifier: MIT
// Publishing: the one way in. A destination appears by a rename that never replaces content, and what was published is
// looked at again before the origin is touched: nothing here rests on a lock, which excludes nobody on other machines
// where NFS is mounted with nolock, CIFS with nobrl, or FUSE keeps locks to itself.
#pragma once

#include "engine/stage.hpp"

namespace mailstate {

// What this run has published, and how it knows it again.
struct Published {
    std::optional<Attributes> root;  // the destination itself; nothing where it is filled in place
    Digest names;                    // of a destination that is filled in place: its names and their inodes
    Digest copy;                     // of all that was copied, by TreeSum
};

struct Moved {
    Done done;
    Published published;
};

// For an origin that was rolled back, and is newer than what the volume has: that is set aside whole, unless it is the
// same. Recorded as published before the origin is touched, either way.
Result<Moved> move_again(const Run& run, const EntryPlaces& places);
// The same for a destination that holds nothing but a part of the origin.
Result<Moved> move_over(const Run& run, const EntryPlaces& places);

// The staged copy becomes the destination, durably. EAGAIN: another run has made one meanwhile, or has taken the copy;
// then what was staged is removed, and nothing else has changed.
Result<Published> publish_staged(const Run& run, const EntryPlaces& places, const Staged& staged);

// For a destination that is a mount point, and cannot be renamed over: recorded in the ledger first, then name by name.
Result<Published> publish_into_mount(const Run& run, const Entry& entry, const DirectoryRef& destination,
                                     const Staged& staged);
// EAGAIN where the ledger says that another run is at it.
Result<> check_not_being_filled(const Run& run, const Entry& entry, const DirectoryRef& destination);
// The second half of it, also for a run that was interrupted.
Result<Published> finish_publishing(const Run& run, const Entry& entry, const Name& destination);

// EAGAIN where the destination is not what was published, as the server has it now.
Result<> check_published(const Run& run, const EntryPlaces& places, const Published& published);
// The same of a destination that was there before: is its name still the directory that was opened?
Result<> check_kept(const Run& run, const EntryPlaces& places, const DirectoryRef& kept);

}  // namespace mailstate
