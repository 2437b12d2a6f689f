// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace mailstate {

// What to do about an origin or a destination that could not be looked at; number: errno, 0 where it is not known.
std::string unreadable_hint(int number);

}  // namespace mailstate
