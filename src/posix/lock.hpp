// SPDX-License-Identifier: MIT
// The lock over a volume: an open file description lock (fcntl_locking(2)) on the file "lock", which excludes across
// NFS clients and goes with its process. It saves work and is never what safety rests on: NFS mounted with nolock, CIFS
// with nobrl and most of FUSE keep locks to one machine, and where a filesystem has none the lock excludes nobody.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "mailstate/base/result.hpp"
#include "mailstate/posix/lock.hpp"
#include "posix/calls.hpp"

namespace mailstate {

struct LockPace {
    std::chrono::milliseconds poll{50};
    // F_OFD_SETLK on a descriptor; an errno, or 0. Tests put a filesystem without locks here; empty is the kernel's.
    std::function<int(int fd)> set_lock;
};

// The contract is Writer::lock's. The file stays, empty, when the lock is let go.
Result<std::unique_ptr<Lock>> take_lock(const At& at, const LockWait& wait, const LockPace& pace);

}  // namespace mailstate
