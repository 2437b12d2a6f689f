// SPDX-License-Identifier: MIT
// Lock: what keeps other runs out for as long as it lives.
#pragma once

namespace mailstate {

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
