// SPDX-License-Identifier: MIT
// Is a lock held? Asked without taking it: who only looks changes nothing.
#pragma once

#include <string>

namespace mailstate {

enum class LockState { free, held, unknown };

// The lock of Writer::lock in a directory, by its path as this process sees it. Free where there is none, or where the
// filesystem has no locks; unknown where it cannot be asked for.
LockState lock_state(const std::string& directory);

}  // namespace mailstate
