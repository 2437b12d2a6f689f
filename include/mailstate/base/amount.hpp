// SPDX-License-Identifier: MIT
// How much content: of an entry, of a copy, of a run.
#pragma once

#include <cstdint>

namespace mailstate {

struct Amount {
    std::uint64_t files = 0, bytes = 0;
    bool operator==(const Amount&) const = default;
};

inline Amount& operator+=(Amount& sum, const Amount& part)
{
    sum.files += part.files;
    sum.bytes += part.bytes;
    return sum;
}

}  // namespace mailstate
