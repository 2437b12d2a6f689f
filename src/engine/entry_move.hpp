// SPDX-License-Identifier: MIT
// The verbs for one entry: each makes its decision of the plan true, and is safe to do again after a kill at any point.
#pragma once

#include "engine/run.hpp"

namespace mailstate {

// Stage, compare, sync, publish, record, link. exchange: or one rename, where the plan expects that to do.
Result<Done> move_entry(const Run& run, const EntryPlaces& places, bool exchange);
Result<Done> prepare_entry(const Run& run, const EntryPlaces& places);     // the same without the link
Result<Done> keep_destination(const Run& run, const EntryPlaces& places);  // displace, link
Result<Done> compare_entry(const Run& run, const EntryPlaces& places);     // displace only
Result<Done> link_entry(const Run& run, const EntryPlaces& places);
Result<Done> create_entry(const Run& run, const EntryPlaces& places);   // destination, link
Result<Done> restore_entry(const Run& run, const EntryPlaces& places);  // destination only
Result<Done> adopt_entry(const Run& run, const EntryPlaces& places);    // copy a mounted origin, also again
Result<Done> clear_entry_leftover(const Run& run, const EntryPlaces& places);
// A run was killed between the exchange and the removal of the old tree, and what it had published is gone since, with
// its volume: the old tree is all that there is, and becomes the origin again.
Result<> put_back_entry(const Run& run, const EntryPlaces& places);
// Upstream's `ln -s` into a directory that was in the way: a link in it, to the destination. The directories that held
// one, as the layout names them.
Result<std::vector<std::string>> remove_nested_links(const Run& run, const EntryPlaces& places);

}  // namespace mailstate
