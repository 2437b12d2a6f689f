// SPDX-License-Identifier: MIT
// A lease: the file "lease", made with O_EXCL, which its holder writes anew every few seconds. Who waits takes it over
// when it saw it unchanged for long enough by a clock of its own; other machines' clocks are never compared.
//
// Weaker than a lock: a holder that is stopped for longer than `stale` and then goes on is not alone. It then sees that
// the lease is another's, and neither writes nor removes it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "mailstate/lock.hpp"
#include "mailstate/result.hpp"
#include "posix/calls.hpp"

namespace mailstate {

struct LockPace {
    std::chrono::milliseconds poll{50};
    std::chrono::milliseconds beat{5'000};
    std::chrono::milliseconds stale{30'000};
    // F_OFD_SETLK on a descriptor; an errno, or 0. Tests put a filesystem without locks here; empty is the kernel's.
    std::function<int(int fd)> set_lock;
};

// EWOULDBLOCK after the wait, with the holder in the message.
Result<std::unique_ptr<Lock>> take_lease(const At& at, const LockWait& wait, const LockPace& pace);

}  // namespace mailstate
