// SPDX-License-Identifier: MIT
#pragma once

#include "engine/entry_places.hpp"

namespace mailstate {

// Do two files, or two trees, hold the same, byte by byte? No where one of them cannot be read.
bool have_same_content(const World& world, Kind kind, const Name& left, const Name& right);

}  // namespace mailstate
