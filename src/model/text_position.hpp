// SPDX-License-Identifier: MIT
// Where in a file: what the subject of an Error about a text says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailstate {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// "file:line:column", both from 1, columns in bytes; a byte order mark does not count. Offsets past the end are the
// end.
std::string place_in(std::string_view file_name, std::string_view text, std::size_t offset);

}  // namespace mailstate
