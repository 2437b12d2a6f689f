// SPDX-License-Identifier: MIT
// What this process was started with: what a program that takes its place must find again.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <csignal>
#include <vector>

namespace mailstate {

struct ProcessState {
    struct Disposition {
        int signal = 0;
        bool ignored = false;
    };
    std::array<Disposition, 5> dispositions;  // of the signals that process_setup touches
    sigset_t blocked{};
    mode_t umask = 0;
    struct rlimit files {};
    std::vector<int> closed_streams;  // those of 0, 1 and 2
};

bool is_closed(int descriptor);

// Call it before anything of process_setup.hpp.
ProcessState state_at_start();

// All of it again, but for the signals that are caught: execve(2) gives those their default, and until then one that
// comes is still seen. Streams that were closed are closed by execve(2).
void restore(const ProcessState& state);

}  // namespace mailstate
