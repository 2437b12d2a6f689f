// SPDX-License-Identifier: MIT
// Finds a value in JSON text. nlohmann_json keeps no positions, and a person wants line and column; so the text is
// walked again, only when there is something to complain about.
#pragma once

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

namespace mailstate {

using JsonStep = std::variant<std::string_view, std::size_t>;  // name of a member, or index of an element

enum class JsonSpot {
    value,
    key,         // the name of the member that the last step says
    second_key,  // the same name where it comes again
};

// Offset in a text that is valid JSON as far as the place that is looked for. Where the steps lead nowhere, the end of
// the text.
std::size_t locate(std::string_view text, const std::vector<JsonStep>& steps, JsonSpot spot);

}  // namespace mailstate
