// SPDX-License-Identifier: MIT
// NAME=value lines, read as a shell would read them, but nothing is executed or expanded: '$' and '`' are themselves.
#include "mailstate/model/settings.hpp"

#include <algorithm>

#include "model/text_position.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

class Lines {
public:
    Lines(std::string_view file_name, std::string_view text) : file_name_(file_name), text_(text)
    {
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    }

    Result<Variables> all()
    {
        Variables variables;
        if (text_.size() > largest_file)
            return wrong(0, "the file is larger than 1 MiB", "Check that this is the right file.");
        if (const auto nul = text_.find('\0'); nul != std::string_view::npos)
            return wrong(nul, "a NUL byte", "Check that this is the right file; a variable cannot hold one.");
        for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
            if (!at_line_end() && peek() != '#') TRY(assignment(variables));
            TRY(line_end());
        }
        return variables;
    }

private:
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    [[nodiscard]] bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    [[nodiscard]] bool at_line_end() const
    {
        return at_ >= text_.size() || looking_at("\n") || looking_at("\r\n") || text_.substr(at_) == "\r";
    }
    [[nodiscard]] bool at_blank() const { return peek() == ' ' || peek() == '\t'; }

    void skip_blanks()
    {
        while (at_blank()) ++at_;
    }

    Failure wrong(std::size_t offset, std::string message, std::string hint) const
    {
        return fail(text_error(place_in(file_name_, text_, offset), std::move(message), std::move(hint)));
    }

    Failure unexpected(const std::string& expected, std::string hint) const
    {
        const auto end = text_.find_first_of("\r\n", at_);
        const auto rest = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
        return wrong(at_,
                     "expected " + expected + ", found " + (rest.empty() ? "the end of the line" : in_quotes(rest)),
                     std::move(hint));
    }

    Result<> assignment(Variables& variables)
    {
        if (looking_at("export ") || looking_at("export\t")) {
            at_ += 7;
            skip_blanks();
        }
        const auto begin = at_;
        at_ = std::min(text_.find_first_not_of(name_characters, begin), text_.size());
        const auto name = text_.substr(begin, at_ - begin);
        if (!is_shell_name(name)) at_ = begin;
        if (at_ == begin) return unexpected("the name of a variable", "A line is NAME='value', blank, or a # comment.");
        if (peek() != '=')
            return unexpected("'=' after " + in_quotes(name), "Write NAME='value', without blanks around the '='.");
        ++at_;
        variables[std::string(name)] = TRY(value());
        return {};
    }

    // Pieces that touch each other: 'it'\''s' is "it's".
    Result<std::string> value()
    {
        std::string text;
        while (!at_line_end() && !at_blank()) {
            if (looking_at("$'") || looking_at("$\""))
                return unexpected("a value", "Write it in single quotes; $'…' and $\"…\" are not read here.");
            if (peek() == '\'') {
                TRY(single_quoted(text));
            } else if (peek() == '"') {
                TRY(double_quoted(text));
            } else if (peek() == '\\') {
                TRY(escaped(text));
            } else {
                text += text_[at_++];
            }
        }
        return text;
    }

    Result<> single_quoted(std::string& text)
    {
        const auto begin = at_ + 1, end = text_.find('\'', begin);
        if (end == std::string_view::npos) return unclosed();
        text += text_.substr(begin, end - begin);
        at_ = end + 1;
        return {};
    }

    // Only \" \\ \$ \` and a backslash before a new line mean something between double quotes.
    Result<> double_quoted(std::string& text)
    {
        for (auto at = at_ + 1; at < text_.size(); ++at) {
            if (text_[at] == '"') {
                at_ = at + 1;
                return {};
            }
            const char next = at + 1 < text_.size() ? text_[at + 1] : '\0';
            if (text_[at] == '\\' && next != '\0' &&
                std::string_view("\"\\$`\n").find(next) != std::string_view::npos) {
                ++at;
                if (next == '\n') continue;
            }
            text += text_[at];
        }
        return unclosed();
    }

    Result<> escaped(std::string& text)
    {
        if (at_ + 1 == text_.size())
            return wrong(at_, "nothing follows the backslash", "Write the value in single quotes.");
        const char next = text_[at_ + 1];
        if (next != '\n') text += next;
        at_ += 2;
        return {};
    }

    Failure unclosed() const
    {
        return wrong(at_, std::string("the quote ") + text_[at_] + " is never closed",
                     R"(Close the quote; a single quote inside single quotes is written '\''.)");
    }

    // What may follow a value: blanks, a comment.
    Result<> line_end()
    {
        skip_blanks();
        if (peek() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
        if (!at_line_end()) return unexpected("the end of the line", "Put a value with blanks in single quotes.");
        at_ = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
        return {};
    }

    std::string_view file_name_, text_;
    std::size_t at_ = 0;
};

}  // namespace

Result<Variables> parse_settings(std::string_view file_name, std::string_view text)
{
    return Lines(file_name, text).all();
}

}  // namespace mailstate
