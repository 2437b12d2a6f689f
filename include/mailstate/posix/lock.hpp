// SPDX-License-Identifier: MIT
// Lock: what keeps other runs out for as long as it lives.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

namespace mailstate {

struct LockWait {
    LockWait(std::chrono::milliseconds most, std::function<bool()> keep = {})  // NOLINT: a time alone is a wait, too
        : at_most(most), keep_waiting(std::move(keep))
    {
    }
    std::chrono::milliseconds at_most;
    std::function<bool()> keep_waiting;  // asked every few dozen milliseconds; empty: to the end
};

// Held until destroyed.
class Lock {
public:
    virtual ~Lock() = default;
    Lock() = default;
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    Lock(Lock&&) = delete;
    Lock& operator=(Lock&&) = delete;
};

}  // namespace mailstate
