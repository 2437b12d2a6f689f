// SPDX-License-Identifier: MIT
// Does anybody listen on a socket in the filesystem?
#pragma once

#include <string_view>

#include "mailstate/base/result.hpp"
#include "posix/calls.hpp"

namespace mailstate {

// Asked without a connection to whoever listens. Error: it cannot be told.
Result<bool> has_listener(const At& at, std::string_view name);

}  // namespace mailstate
