// SPDX-License-Identifier: MIT
#pragma once

#include "engine/spot.hpp"

namespace mailstate {

// Do two files, or two trees, hold the same, byte by byte? No where one of them cannot be read.
bool have_same_content(const World& world, Kind kind, const Spot& left, const Spot& right);

}  // namespace mailstate
