// SPDX-License-Identifier: MIT
// What a volume cannot keep of a tree: a hard link, the owner of a link, the mode of a FIFO, an extended attribute. The
// entry stays at its origin, and the ledger saves the next starts from copying it all again.
#pragma once

#include <cerrno>

#include "engine/run.hpp"

namespace mailstate {

inline constexpr int not_kept = EMEDIUMTYPE;  // Error::number; no filesystem says that

// A copy that failed, or that differs from its origin: where the origin is as it was surveyed, nobody writes there, and
// the volume is the cause. Any other error is returned as it is.
Error blame_volume(const Run& run, const EntryPlaces& places, const Error& error);

// Its message: where, and what.
std::string what_of(const Error& error);
// Best effort: without a record the next start copies again. A call that was refused may be refused once only: it is
// tried a second time.
void remember_not_kept(const Run& run, const Entry& entry, const Error& error);

}  // namespace mailstate
