// SPDX-License-Identifier: MIT
#include "model/text_position.hpp"

#include <algorithm>

namespace mailstate {

std::string place_in(std::string_view file_name, std::string_view text, std::size_t offset)
{
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
        offset -= std::min(offset, byte_order_mark.size());
    }
    const auto before = text.substr(0, offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto last_newline = before.rfind('\n');
    const auto column = before.size() - (last_newline == std::string_view::npos ? 0 : last_newline + 1) + 1;
    return std::string(file_name) + ':' + std::to_string(line) + ':' + std::to_string(column);
}

}  // namespace mailstate
