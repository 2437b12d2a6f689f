// SPDX-License-Identifier: MIT
// What this process needs before it opens its first file.
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// A descriptor 0, 1 or 2 that is closed at start is given to the next file that is opened, and a log line would go
// into that file, perhaps a mail. Call it first. False where even that is refused.
bool open_missing_streams();

// umask 0077 (every mode is set by name afterwards), as many descriptors as allowed, a closed pipe does not kill the
// process.
void set_process_limits();

// SIGTERM and SIGINT ask the work to stop from now on. The returned value lives as long as the process.
const Stop& stop_on_signals();

// Threads for a walk where --jobs does not say: four for each processor that is online, 4 to 16.
int default_jobs();

}  // namespace mailstate
