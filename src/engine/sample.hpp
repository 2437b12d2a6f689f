// SPDX-License-Identifier: MIT
// A sample of a tree, chosen by the names alone: the same of an origin and of its destination, and the same each time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mailstate {

class Sample {
public:
    Sample() = default;  // everything
    // About `wanted` of `total` files; everything where that are no more.
    Sample(std::optional<std::uint64_t> wanted, std::uint64_t total);

    [[nodiscard]] bool takes(const std::string& relative) const;  // a name that is no directory
    [[nodiscard]] bool is_whole() const { return wanted_ >= total_; }

private:
    std::uint64_t wanted_ = 1, total_ = 1;
};

// What moving a tree costs, in bytes: a small file costs as much as some tens of kilobytes of data.
struct Load {
    std::uint64_t names = 0, bytes = 0;
};
double scale_of(const Load& whole, const Load& part);  // how many times the part's time the whole takes, 1 or more

}  // namespace mailstate
