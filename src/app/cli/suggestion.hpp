// SPDX-License-Identifier: MIT
// "did you mean": the nearest of the names that exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

// Letters to insert, remove, change or swap with their neighbour to make one of the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate; empty where none is near enough to be meant (a third of the letters, two at least).
std::string nearest(std::string_view wanted, const std::vector<std::string>& candidates);

// "Did you mean 'plan'? " or nothing, to stand in front of a hint.
std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& candidates);

}  // namespace mailstate
