// SPDX-License-Identifier: MIT
// Is a lock held? Asked without taking it: who only looks changes nothing.
#pragma once

#include <string>

namespace mailstate {

enum class LockState { free, held, unknown };

// The lock of Writer::lock in a directory, by its path as this process sees it. Free where there is none; unknown where
// it cannot be asked for. A lease counts as held as long as its heartbeat is fresh.
LockState lock_state(const std::string& directory);

}  // namespace mailstate
