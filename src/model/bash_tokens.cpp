// SPDX-License-Identifier: MIT
#include "model/bash_tokens.hpp"

#include <array>
#include <optional>

#include "model/words.hpp"

namespace mailstate {
namespace {

Failure bad_expression(std::string message)
{
    return fail(text_error({}, std::move(message)));
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_number_part(char c)
{
    return is_digit(c) || is_name_start(c) || c == '#' || c == '@';
}

// The digits of bases up to 64: 0-9, a-z, A-Z, @, _; up to base 36 capitals are the same as small letters.
std::uint64_t digit_value(char c, std::uint64_t base)
{
    if (is_digit(c)) return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'z') return static_cast<std::uint64_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z') return static_cast<std::uint64_t>(c - 'A') + (base <= 36 ? 10 : 36);
    return c == '@' ? 62 : 63;
}

// Too many digits wrap around, as they do in bash.
std::optional<std::uint64_t> digits(std::string_view text, std::uint64_t base)
{
    std::uint64_t value = 0;
    for (const char c : text) {
        if (c == '#') return std::nullopt;
        const auto digit = digit_value(c, base);
        if (digit >= base) return std::nullopt;
        value = value * base + digit;
    }
    return value;
}

// 10, 010 (octal), 0x10, 2#10. "0x" is 0; "2#" is not.
std::optional<std::uint64_t> number_from(std::string_view text)
{
    if (text.starts_with("0x") || text.starts_with("0X")) return digits(text.substr(2), 16);
    if (text.starts_with('0')) return digits(text.substr(1), 8);
    const auto hash = text.find('#');
    if (hash == std::string_view::npos) return digits(text, 10);
    const auto base = digits(text.substr(0, hash), 10);
    const auto rest = text.substr(hash + 1);
    if (!base || *base < 2 || *base > 64 || rest.empty()) return std::nullopt;
    return digits(rest, *base);
}

constexpr std::array<std::string_view, 9> two_byte_marks = {"==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "**"};
constexpr std::string_view one_byte_marks = "=<>+-*/%!()&|^~?:,";
constexpr std::string_view before_equals = "*/%+-&^|";

}  // namespace

std::size_t BashTokens::skip_space(std::size_t offset) const
{
    constexpr std::string_view space = " \t\n";  // no carriage return: "1" from a DOS file is a syntax error in bash
    while (offset < text_.size() && space.find(text_[offset]) != std::string_view::npos) ++offset;
    return offset;
}

Result<BashToken> BashTokens::next()
{
    at_ = skip_space(at_);
    if (at_ == text_.size()) {
        last_ = BashTokenKind::end;
        return BashToken{};
    }
    if (!is_name_start(at(at_)) && !is_digit(at(at_))) return mark();
    const auto begin = at_;
    const bool number = is_digit(at(at_));
    while (number ? is_number_part(at(at_)) : is_name_start(at(at_)) || is_digit(at(at_))) ++at_;
    const auto text = text_.substr(begin, at_ - begin);
    last_ = number ? BashTokenKind::number : BashTokenKind::name;
    if (!number && at(at_) == '[') return bad_expression(in_quotes(text) + " is used as an array");
    if (!number) return BashToken{BashTokenKind::name, text, 0};
    const auto value = number_from(text);
    if (!value) return bad_expression(in_quotes(text) + " is no number");
    return BashToken{BashTokenKind::number, text, static_cast<std::int64_t>(*value)};
}

Result<BashToken> BashTokens::mark_of(std::size_t length)
{
    const auto text = text_.substr(at_, length);
    at_ += length;
    last_ = BashTokenKind::mark;
    return BashToken{BashTokenKind::mark, text, 0};
}

Result<BashToken> BashTokens::mark()
{
    const char first = at(at_), second = at(at_ + 1);
    const auto two = text_.substr(at_, 2);
    // "++" and "--" belong to a name beside them; between numbers they are two signs.
    if ((first == '+' || first == '-') && second == first) {
        if (last_ == BashTokenKind::name || is_name_start(at(skip_space(at_ + 2))))
            return bad_expression("an increment or decrement, at " + in_quotes(text_.substr(at_)));
        return mark_of(1);
    }
    const bool shift = two == "<<" || two == ">>";
    if ((shift && at(at_ + 2) == '=') || (second == '=' && before_equals.find(first) != std::string_view::npos) ||
        (first == '=' && second != '='))
        return bad_expression("an assignment, at " + in_quotes(text_.substr(at_)));
    for (const auto known : two_byte_marks) {
        if (two == known) return mark_of(2);
    }
    if (one_byte_marks.find(first) != std::string_view::npos) return mark_of(1);
    return bad_expression("neither a number nor an operator, at " + in_quotes(text_.substr(at_)));
}

}  // namespace mailstate
