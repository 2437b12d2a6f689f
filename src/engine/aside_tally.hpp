// SPDX-License-Identifier: MIT
// What is set aside of an entry, or would be, in numbers and examples.
#pragma once

#include <mutex>

#include "engine/set_aside.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

class AsideTally {
public:
    // From any thread. relative: the place's path; at: of the directory that it is in.
    Result<> add(const Reader& reader, const Place& place, const std::string& relative, const Survivors& at);
    [[nodiscard]] AsideTotals totals() const;

private:
    mutable std::mutex mutex_;
    AsideTotals totals_;
};

// "3 names (15 B): a, b …"
std::string describe(const AsideTotals& totals);

// Some of it was set aside again and again: the layout's line that ends that.
Finding repeats_finding(const std::string& entry, const AsideTotals& totals);

}  // namespace mailstate
