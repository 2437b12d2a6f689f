// SPDX-License-Identifier: MIT
// The clock of the filesystem that a directory is on: another machine's, for a network filesystem.
#pragma once

#include "fs/posix_directory.hpp"

namespace mailstate {

// The contract is Writer::clock's. ETIMEDOUT where no later time is seen within three seconds.
Result<Timestamp> volume_clock(const DirectoryRef& at);

}  // namespace mailstate
