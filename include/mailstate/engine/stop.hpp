// SPDX-License-Identifier: MIT
// What a long run and those who watch it share: its progress, and the wish that it stop.
#pragma once

#include <atomic>
#include <cstdint>

namespace mailstate {

// Counters that a long run moves and a terminal shows. All members may be read and written from any thread.
struct Progress {
    std::atomic<std::uint64_t> files{0}, bytes{0};              // done
    std::atomic<std::uint64_t> total_files{0}, total_bytes{0};  // planned; 0 where not known
    std::atomic<const char*> phase{""};                         // "copying", "comparing", "syncing", "owners"
    std::atomic<int> entry{-1};                                 // index into the plan's entries
};

// Set by a signal handler; asked between files and between chunks of a file.
struct Stop {
    std::atomic<int> signal{0};
    [[nodiscard]] bool requested() const { return signal.load(std::memory_order_relaxed) != 0; }
};

}  // namespace mailstate
