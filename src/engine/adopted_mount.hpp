// SPDX-License-Identifier: MIT
// What is looked at of a mounted origin that is adopted, or may be.
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// Of all that is mounted at or below the origin: mount_identity() of each. A file that is mounted is known by what the
// mount table has of it.
Result<std::string> identity_of_mounts(const Reader& reader, const Name& origin, const EntrySurvey& seen);

// Of the destination, to be compared with what the record says: copy_fingerprint(), or, of a version that took the
// copy's for the same as the mount's, that of measure_tree().
Result<std::string> fingerprint_of_copy(const World& world, const Entry& entry, const LedgerEntry& record);

}  // namespace mailstate
