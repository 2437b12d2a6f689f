// SPDX-License-Identifier: MIT
// Postfix's main.cf, as far as a move has to know it. Source: postconf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailstate {

// The value of a parameter: the last line that sets it wins, lines that begin with white space continue it. Nothing
// where no line does. "$name" is not expanded.
std::optional<std::string> main_cf_value(std::string_view text, std::string_view name);

// Bytes that must stay free for Postfix to take mail: 1.5 × message_size_limit. For its default of 10,240,000 where the
// text does not set it, sets it to 0 (no limit), or to something that is not a number.
std::uint64_t queue_headroom(std::string_view main_cf);

}  // namespace mailstate
