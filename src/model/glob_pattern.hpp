// SPDX-License-Identifier: MIT
// What a glob's text means before it is matched: braces multiplied out, components split and checked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/result.hpp"

namespace mailstate {

inline constexpr std::size_t longest_glob = 4096;      // bytes
inline constexpr std::size_t most_alternatives = 256;  // after braces are multiplied out
inline constexpr std::size_t deepest_braces = 16;

// "{a,b}/c" into "a/c" and "b/c"; escapes and sets stay as they are. Error: message only.
Result<std::vector<std::string>> expand_braces(std::string_view pattern);

// "a/**" into "a", "**", "*": below a directory, not the directory itself. "." has no component at all.
Result<std::vector<std::string>> split_components(std::string_view pattern);

// The offset after the ']' of the set that starts at `begin`; npos where it is never closed. A ']' that comes first,
// or first after '!', belongs to the set. Source: glob(7).
std::size_t end_of_set(std::string_view pattern, std::size_t begin);

struct SetElement {  // "a", "\\]" or "a-z"
    unsigned char low = 0, high = 0;
};
// The next element between the brackets; `at` moves past it.
SetElement take_element(std::string_view inner, std::size_t& at);

}  // namespace mailstate
