// SPDX-License-Identifier: MIT
#include "base/escape.hpp"

#include <cstddef>
#include <cstdint>

namespace mailstate {
namespace {

struct Character {
    std::uint32_t code = 0;
    std::size_t length = 0;  // bytes; 0 where they are no UTF-8
};

// How a lead byte starts: how many bytes follow, its payload, and the smallest code of that length, because a longer
// spelling of a smaller code is no UTF-8. Source: RFC 3629.
struct Lead {
    std::size_t following = 0;
    std::uint32_t payload = 0, smallest = 0;
};

Lead lead_of(std::uint32_t byte)
{
    if (byte < 0x80) return {0, byte, 0};
    if ((byte & 0xe0U) == 0xc0) return {1, byte & 0x1fU, 0x80};
    if ((byte & 0xf0U) == 0xe0) return {2, byte & 0x0fU, 0x800};
    if ((byte & 0xf8U) == 0xf0) return {3, byte & 0x07U, 0x10000};
    return {0, 0, 1};
}

Character first_character(std::string_view bytes)
{
    const auto at = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    const auto lead = lead_of(at(0));
    if (lead.following >= bytes.size()) return {};
    auto code = lead.payload;
    for (std::size_t i = 1; i <= lead.following; ++i) {
        if ((at(i) & 0xc0U) != 0x80) return {};
        code = code << 6U | (at(i) & 0x3fU);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < lead.smallest || code > 0x10ffff || surrogate) return {};
    return {code, lead.following + 1};
}

// C0, C1 and DEL move a terminal's cursor; separators and direction marks make one name look like another.
bool is_harmful(std::uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void append_escaped(std::string& text, std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += "\\x";
        text += digits[byte >> 4U];
        text += digits[byte & 0x0fU];
    }
}

}  // namespace

std::string escape(std::string_view bytes, Backslash backslash)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto [code, length] = first_character(bytes);
        const auto taken = bytes.substr(0, length == 0 ? 1 : length);
        if (length == 0 || is_harmful(code) || (code == '\\' && backslash == Backslash::escape)) {
            append_escaped(text, taken);
        } else {
            text += taken;
        }
        bytes.remove_prefix(taken.size());
    }
    return text;
}

}  // namespace mailstate
