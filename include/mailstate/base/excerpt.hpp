// SPDX-License-Identifier: MIT
// What a file says, as it may stand in a message: the content, a name or a value of a file is as long as whoever wrote
// it wants, and a message goes to the log of a container at each start.
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
