// SPDX-License-Identifier: MIT
// The system calls that a fault can be put into, and what one stopped call of a traced process is about to do.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faults {

enum class Does : char {
    nothing,  // of interest: a write to a standard stream, an fcntl that locks nothing
    reads,
    changes,  // something on disk, a lock among it
};

struct Call {
    long number;
    std::string_view name;
    Does does;
    int first_path, second_path;  // arguments that are paths; -1: none
    int count;                    // argument that is a number of bytes, which may come out short; -1: none
};

// In no order; a number stands there once.
std::span<const Call> calls();

struct Stopped {
    pid_t thread = 0;
    long number = -1;
    std::array<std::uint64_t, 6> arguments{};
};

// Null where it is none of calls().
const Call* find_call(long number);
// An open that creates or writes changes, another one reads; writes to standard streams do nothing; and so on.
Does what_it_does(const Call& call, const Stopped& stopped);
// "renameat2 ledger.json.new > ledger.json", for people.
std::string describe(const Call& call, const Stopped& stopped);

}  // namespace faults
