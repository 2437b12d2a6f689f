// SPDX-License-Identifier: MIT
// Moving an origin within one filesystem: a link is made at the destination, to the destination's own path, and one
// rename(2) with RENAME_EXCHANGE puts both in place at once. Nothing is copied, whatever the size. A kill before it
// leaves that link, which says by its text that it is ours, and an origin that is whole.
#pragma once

#include "engine/run.hpp"

namespace mailstate {

// Nothing: the kernel refuses it, here or at all, and both are as before: copy it. Only where the lock excludes other
// runs: two that exchange the same names would undo each other's work.
Result<std::optional<Done>> exchange_entry(const Run& run, const EntryPlaces& places);

// What a run that was cut off before the exchange has left at the destination.
Result<> remove_unfinished_exchange(const Run& run, const EntryPlaces& places);

}  // namespace mailstate
