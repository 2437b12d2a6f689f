// SPDX-License-Identifier: MIT
// "${NAME}" in a layout's defaults.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mailstate {

struct TextPart {
    bool is_reference = false;
    std::string_view text;  // as written, or the name between "${" and "}"
};

// Nothing where a "${" is not followed by a name and "}".
std::optional<std::vector<TextPart>> split_references(std::string_view text);

}  // namespace mailstate
