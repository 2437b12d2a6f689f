// SPDX-License-Identifier: MIT
#pragma once

#include "engine/publish.hpp"

namespace mailstate {

// The service goes on with its origin, which is whole: a destination that stayed would win over it at the next start,
// with what is old by then. It is renamed aside and removed only if nobody has touched it since it was published, or if
// it equals the origin; else it is put back, or set aside under the name that is returned.
Result<std::string> take_back(const Run& run, const EntryPlaces& places, const Published& published);

}  // namespace mailstate
