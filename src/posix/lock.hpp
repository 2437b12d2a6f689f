// SPDX-License-Identifier: MIT
// The lock over a volume: an open file description lock (fcntl_locking(2)) on the file "lock", which excludes across
// NFS clients and goes with its process; where the filesystem has no locks, a lease.
#pragma once

#include <chrono>
#include <memory>

#include "mailstate/lock.hpp"
#include "mailstate/result.hpp"
#include "posix/calls.hpp"
#include "posix/lease.hpp"

namespace mailstate {

// The contract is Writer::lock's. The file stays, empty, when the lock is let go.
Result<std::unique_ptr<Lock>> take_lock(const At& at, const LockWait& wait, const LockPace& pace);

}  // namespace mailstate
