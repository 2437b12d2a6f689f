// SPDX-License-Identifier: MIT
// What [[ $NAME -eq … ]] makes of a value, as far as people write it for a switch: an integer in one of bash's
// notations, nothing, or the name of another variable. bash would also compute (1+0, (1), A*2), assign and run
// commands: that is an error here, and a finding quotes it. Source: bash(1), ARITHMETIC EVALUATION.
#include <algorithm>
#include <optional>

#include "mailstate/model/settings.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(std::string_view text)
{
    return !text.empty() && is_name_start(text.front()) &&
           std::ranges::all_of(text, [](char c) { return is_name_start(c) || is_digit(c); });
}

// The digits of bases up to 64: 0-9, a-z, A-Z, @, _; up to base 36 capitals are the same as small letters.
std::optional<std::uint64_t> digit_value(char c, std::uint64_t base)
{
    if (is_digit(c)) return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint64_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint64_t>(c - 'A') + (base <= 36 ? 10 : 36);
    if (c == '@') return 62;
    if (c == '_') return 63;
    return std::nullopt;
}

// Too many digits wrap around, as they do in bash.
std::optional<std::uint64_t> number_of_digits(std::string_view text, std::uint64_t base)
{
    std::uint64_t value = 0;
    for (const char c : text) {
        const std::optional<std::uint64_t> digit = digit_value(c, base);
        if (!digit || *digit >= base) return std::nullopt;
        value = value * base + *digit;
    }
    return value;
}

// 10, 010 (octal), 0x10, 2#10. "0x" is 0; "2#" is not.
std::optional<std::uint64_t> unsigned_number(std::string_view text)
{
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    if (text.starts_with("0x") || text.starts_with("0X")) return number_of_digits(text.substr(2), 16);
    if (text.starts_with('0')) return number_of_digits(text.substr(1), 8);
    const std::size_t hash = text.find('#');
    if (hash == std::string_view::npos) return number_of_digits(text, 10);
    const std::optional<std::uint64_t> base = number_of_digits(text.substr(0, hash), 10);
    const std::string_view rest = text.substr(hash + 1);
    if (!base || *base < 2 || *base > 64 || rest.empty()) return std::nullopt;
    return number_of_digits(rest, *base);
}

// No carriage return: "1" from a DOS file is a syntax error in bash.
std::string_view without_blanks(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    const std::size_t last = text.find_last_not_of(blanks);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::optional<std::int64_t> number_in(std::string_view text)
{
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text = without_blanks(text.substr(1));
    const std::optional<std::uint64_t> number = unsigned_number(text);
    if (!number) return std::nullopt;
    return static_cast<std::int64_t>(is_negative ? 0 - *number : *number);
}

}  // namespace

Result<std::int64_t> bash_integer(std::string_view text, const Variables& variables)
{
    constexpr int deepest_names = 1024;  // bash's own limit
    for (int names = 0; names < deepest_names; ++names) {
        text = without_blanks(text);
        if (text.empty()) return 0;
        if (const std::optional<std::int64_t> number = number_in(text)) return *number;
        if (!is_name(text))
            return fail(text_error({}, in_quotes(text) + " is neither an integer nor a variable's name"));
        const auto named = variables.find(text);
        if (named == variables.end()) return 0;
        text = named->second;
    }
    return fail(text_error({}, "its variables refer to each other in a loop"));
}

}  // namespace mailstate
