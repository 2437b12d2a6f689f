// SPDX-License-Identifier: MIT
// A text as one word of a shell's command, for lines that people paste.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

// Quoted where it has to be. Bytes that are no text are \xNN, as printable() spells them.
std::string shell_word(std::string_view text);

}  // namespace mailstate
