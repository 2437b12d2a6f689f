// SPDX-License-Identifier: MIT
#include "engine/sample.hpp"

#include <algorithm>

#include "fs/digest.hpp"
#include "mailstate/fs/reader.hpp"

namespace mailstate {

namespace {

// On ext4 a small file takes some 30 µs beside its data, in which 30 KiB are copied.
constexpr double cost_of_a_name = 32'768;  // bytes

double cost(const Load& load)
{
    return static_cast<double>(load.names) * cost_of_a_name + static_cast<double>(load.bytes);
}

}  // namespace

Sample::Sample(std::optional<std::uint64_t> wanted, std::uint64_t total)
{
    if (!wanted || *wanted >= total) return;
    wanted_ = *wanted;
    total_ = total;
}

bool Sample::takes(const std::string& relative) const
{
    return is_whole() || digest_of(relative).low % total_ < wanted_;
}

double scale_of(const Load& whole, const Load& part)
{
    return cost(part) <= 0 ? 1.0 : std::max(1.0, cost(whole) / cost(part));
}

}  // namespace mailstate
