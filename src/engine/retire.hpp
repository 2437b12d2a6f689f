// SPDX-License-Identifier: MIT
// What refreshes of an adopted entry set aside does not grow without end.
#pragma once

#include "engine/run.hpp"

namespace mailstate {

// Removes the generations that may go, and takes them out of the list: the newest and the largest stay, and so does
// what cannot be removed now. What a person pruned is taken out, too.
Result<> retire_generations(const Run& run, const Entry& entry, std::vector<Generation>& generations);

}  // namespace mailstate
