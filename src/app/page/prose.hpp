// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "app/page/html.hpp"

namespace mailstate {

// A sentence whose commands, options, settings (NAME=value) and paths are code. What single quotes hold is code, too:
// they are dropped. A command, a setting or an option is one piece that no line end breaks; a path may be broken.
Html prose(std::string_view sentence);

}  // namespace mailstate
