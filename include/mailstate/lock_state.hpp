// SPDX-License-Identifier: MIT
// Is a lock held? Asked without taking it: who only looks changes nothing.
#pragma once

#include <string>

namespace mailstate {

// The lock of Writer::lock in a directory, by its path as this process sees it. False where there is none, or where it
// cannot be asked for. A lease counts as held as long as its heartbeat is fresh.
bool is_lock_held(const std::string& directory);

}  // namespace mailstate
