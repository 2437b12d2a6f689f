// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace mailstate {

// Every byte there is, some in the order of UTF-8, with what JSON and printable() treat specially.
inline std::string any_bytes()
{
    std::string bytes = "\\x41 \\\\ \"quoted\" é€😀 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf ";
    for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
    return bytes;
}

}  // namespace mailstate
