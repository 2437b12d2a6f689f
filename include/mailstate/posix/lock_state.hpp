// SPDX-License-Identifier: MIT
// Is a lock held? Asked without taking it: who only looks changes nothing.
#pragma once

#include <optional>
#include <string>

namespace mailstate {

enum class LockState { free, held, unknown };

// The lock of Writer::lock in a directory, by its path as this process sees it. Free where there is none, or where the
// filesystem has no locks; unknown where it cannot be asked for.
LockState lock_state(const std::string& directory);

// Who holds it: "apply has been at work since 07:02:45 UTC, pid 7 on mail". Nothing where nobody does, or where that
// cannot be asked for.
std::optional<std::string> holder_at_work(const std::string& directory);

// What this process is at, for the lock's file: "apply". Before it takes the lock.
void set_command_of_holder(std::string command);

}  // namespace mailstate
