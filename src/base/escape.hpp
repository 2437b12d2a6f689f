// SPDX-License-Identifier: MIT
// What printable() and describe() share: bytes into valid, harmless UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

enum class Backslash : bool { keep, escape };  // keep: for text of our own that holds escapes already

// Control characters, line separators, direction overrides and bytes that are no UTF-8 become \xNN.
std::string escape(std::string_view bytes, Backslash backslash);

}  // namespace mailstate
