// SPDX-License-Identifier: MIT
#include "mailstate/base/excerpt.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t longest_character = 4;  // of UTF-8, and of \xNN

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80;
}

}  // namespace

std::string excerpt(std::string_view bytes)
{
    // Only what may be shown is escaped, for a text may be as long as its file; and a little more, so that the end of
    // this part, perhaps inside a character, is never shown.
    std::string shown = printable(bytes.substr(0, longest_excerpt + longest_character));
    if (shown.size() <= longest_excerpt) return shown;
    auto end = longest_excerpt;
    while (is_continuation(shown[end])) --end;
    const auto escape = shown.rfind('\\', end - 1);
    if (escape != std::string::npos && end - escape < longest_character) end = escape;
    return shown.substr(0, end) + "…";
}

std::string shortened(std::string text, std::size_t longest)
{
    if (text.size() <= longest) return text;
    std::size_t end = longest;
    while (end > 0 && is_continuation(text[end])) --end;
    text.resize(end);
    return text + "…";
}

}  // namespace mailstate
