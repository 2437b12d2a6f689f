// SPDX-License-Identifier: MIT
// chown(2) clears SUID and SGID of a file, and only a second call brings them back. A kill between the two would lose
// them for good: nobody could tell what they were. So the mode is noted in staging first, and the next run finishes.
#pragma once

#include "engine/ownership.hpp"
#include "engine/workspace.hpp"

namespace mailstate {

// As change_owner (failure_tally.hpp), with a note of its own for a file on the volume that keeps such bits.
// Thread-safe.
Result<> change_owner_noted(const World& world, Writer& writer, const Workspace& workspace,
                            const Difference& difference);

// What notes of a run that was cut off say, where the file is the same still: inode, content, owner and mode. The notes
// themselves go when staging is swept.
Result<> finish_noted(const World& world, Writer& writer, const Workspace& workspace);

}  // namespace mailstate
