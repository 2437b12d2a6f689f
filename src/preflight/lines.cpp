// SPDX-License-Identifier: MIT
#include "preflight/lines.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view without_leading_blanks(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

}  // namespace

TextLines split_lines(std::string_view text)
{
    TextLines result;
    if (text.starts_with("\xef\xbb\xbf")) {
        result.byte_order_mark = true;
        text.remove_prefix(3);
    }
    result.final_newline = text.empty() || text.back() == '\n';
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const bool carriage_return = line.ends_with('\r');
        if (carriage_return) {
            line.remove_suffix(1);
            if (result.carriage_returns++ == 0) result.first_carriage_return = number;
        }
        result.lines.push_back({number, line, carriage_return});
    }
    return result;
}

bool is_comment(std::string_view line)
{
    const std::string_view rest = without_leading_blanks(line);
    return rest.empty() || rest.front() == '#';
}

std::string_view first_word(std::string_view line)
{
    const std::string_view rest = without_leading_blanks(line);
    return rest.substr(0, rest.find_first_of(blanks));
}

std::string_view rest_of(std::string_view line)
{
    std::string_view rest = without_leading_blanks(line);
    const std::size_t end = rest.find_first_of(blanks);
    return end == std::string_view::npos ? std::string_view() : trim(rest.substr(end));
}

std::string lower_case(std::string_view text)
{
    std::string result(text);
    for (char& letter : result)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return result;
}

std::string place_of(std::string_view file, int line)
{
    return std::string(file) + ":" + std::to_string(line);
}

}  // namespace mailstate
