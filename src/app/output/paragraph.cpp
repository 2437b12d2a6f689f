// SPDX-License-Identifier: MIT
#include "app/output/paragraph.hpp"

#include <algorithm>

namespace mailstate {

namespace {

std::size_t& width_of_text()
{
    static std::size_t columns = page_width;
    return columns;
}

bool begins_character(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::string wrapped_line(std::string_view line, std::size_t indent, std::size_t used, std::size_t width)
{
    std::string result;
    std::size_t column = used;
    bool first_word = true;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find(' '), line.size());
        const std::string_view word = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
        if (word.empty()) continue;
        if (!first_word && column + 1 + columns_of(word) > width) {
            result.append("\n").append(indent, ' ');
            column = indent;
        } else if (!first_word) {
            result += ' ';
            ++column;
        }
        result += word;
        column += columns_of(word);
        first_word = false;
    }
    return result + "\n";
}

}  // namespace

TextWidth::TextWidth(std::size_t columns) : before_(width_of_text())
{
    width_of_text() = columns;
}

TextWidth::~TextWidth()
{
    width_of_text() = before_;
}

std::size_t text_width()
{
    return width_of_text();
}

std::size_t columns_of(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string padded(std::string_view text, std::size_t columns)
{
    const std::size_t taken = columns_of(text);
    return std::string(text) + std::string(columns > taken ? columns - taken : 0, ' ');
}

std::string cut_to(std::string_view text, std::size_t columns)
{
    if (columns_of(text) <= columns) return std::string(text);
    std::string result;
    std::size_t taken = 0;
    for (const char byte : text) {
        if (begins_character(byte) && ++taken >= columns) break;
        result += byte;
    }
    return columns == 0 ? std::string() : result + "…";
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t used, std::size_t width)
{
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (!result.empty()) result.append(indent, ' ');
        result += wrapped_line(text.substr(0, end), indent, result.empty() ? used : indent, width);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

}  // namespace mailstate
