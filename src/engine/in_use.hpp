// SPDX-License-Identifier: MIT
// Who works in a place.
#pragma once

#include <string>

#include "mailstate/types.hpp"

namespace mailstate {

// "redis-server (process 12), qmgr (process 15)" of those that have something at or below the path open, mapped, or as
// their directory; the first few, empty where there are none. As far as /proc lets this process see.
std::string users_of(const Path& outer_path);

}  // namespace mailstate
