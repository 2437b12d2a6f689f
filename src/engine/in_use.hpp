// SPDX-License-Identifier: MIT
// Who works in a place.
#pragma once

#include <string>

#include "mailstate/fs/reader.hpp"

namespace mailstate {

// "redis-server (process 12), qmgr (process 15)" of those that have something at or below the name open, mapped, or as
// their directory; the first few, empty where there are none. As far as /proc lets this process see.
Result<std::string> users_of(const Reader& reader, const Name& item);

}  // namespace mailstate
