// SPDX-License-Identifier: MIT
// Text from a file, shortened for a message: the author of a file decides how long its content, a name or a value is,
// and a message goes to the log of a container at each start.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

inline constexpr std::size_t longest_excerpt = 200;  // bytes

// As printable() spells it, but no more than that; what was cut ends in "…".
std::string excerpt(std::string_view bytes);

// A sentence of our own that may hold several excerpts, or a list of names: cut at this many bytes, between characters.
std::string shortened(std::string text, std::size_t longest);

}  // namespace mailstate
