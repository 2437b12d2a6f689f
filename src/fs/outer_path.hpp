// SPDX-License-Identifier: MIT
// What /proc/self says of a descriptor's place and of the mounts.
#pragma once

#include <string>

#include "mailstate/posix/mount_table.hpp"

namespace mailstate {

// Where an open directory stands, as seen by this process. ENOENT where it was removed or cannot be reached from here.
Result<std::string> outer_path(int directory);

// /proc/self/mountinfo; with a hint where proc is not mounted.
Result<MountTable> mount_table_of_process();

}  // namespace mailstate
