// SPDX-License-Identifier: MIT
// Lock: what keeps other runs out for as long as it lives.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

#include "mailstate/base/noncopyable.hpp"

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
class Lock : NonCopyable {
public:
    virtual ~Lock() = default;
};

}  // namespace mailstate
