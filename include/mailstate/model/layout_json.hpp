// SPDX-License-Identifier: MIT
// Layouts as JSON: those built in, and those that users write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/model/layout.hpp"

namespace mailstate {

// Error: subject "file:line:column", message what was expected, hint the remedy.
Result<Layout> parse_layout(std::string_view file_name, std::string_view text);

std::vector<std::string> built_in_layouts();                   // names, sorted
std::string_view built_in_layout_text(std::string_view name);  // empty where there is none

}  // namespace mailstate
