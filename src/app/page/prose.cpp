// SPDX-License-Identifier: MIT
#include "app/page/prose.hpp"

#include <algorithm>

#include "app/cli/command_table.hpp"

namespace mailstate {

namespace {

bool is_lower(char letter)
{
    return letter >= 'a' && letter <= 'z';
}

bool is_of_a_name(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_';
}

bool ends_a_word(char letter)
{
    return std::string_view(".,;:)?").find(letter) != std::string_view::npos;
}

// Up to the next blank, without the punctuation that ends it: "--fix," is --fix.
std::size_t word_length(std::string_view text)
{
    std::size_t length = std::min(text.find(' '), text.size());
    while (length > 0 && ends_a_word(text[length - 1])) --length;
    return length;
}

// 'text in quotes', with them: a quote that ends it is followed by a blank, punctuation or nothing. Else 0.
std::size_t quoted_length(std::string_view text)
{
    if (!text.starts_with('\'')) return 0;
    for (std::size_t end = text.find('\'', 2); end != std::string_view::npos; end = text.find('\'', end + 1))
        if (end + 1 == text.size() || text[end + 1] == ' ' || ends_a_word(text[end + 1])) return end + 1;
    return 0;
}

// NAME=value, NAME='value with blanks'. Else 0.
std::size_t setting_length(std::string_view text)
{
    const std::size_t name = static_cast<std::size_t>(std::ranges::find_if_not(text, is_of_a_name) - text.begin());
    if (name < 2 || name == text.size() || text[name] != '=') return 0;
    const std::size_t value = quoted_length(text.substr(name + 1));
    return value > 0 ? name + 1 + value : word_length(text);
}

std::size_t option_length(std::string_view text)
{
    return text.starts_with("--") && text.size() > 2 && is_lower(text[2]) ? word_length(text) : 0;
}

// "mailstate apply --adopt-mounts": the name, the command and the options that follow.
std::size_t command_length(std::string_view text)
{
    constexpr std::string_view program = "mailstate ";
    if (!text.starts_with(program)) return 0;
    std::string_view rest = text.substr(program.size());
    const std::size_t name = word_length(rest);
    if (find_command(rest.substr(0, name)) == nullptr) return 0;  // "mailstate creates a new one"
    std::size_t length = program.size() + name;
    while (length < text.size() && text[length] == ' ') {
        const std::size_t option = option_length(text.substr(length + 1));
        if (option == 0) break;
        length += 1 + option;
    }
    return length;
}

std::size_t path_length(std::string_view text)
{
    const bool is_path = text.starts_with("/") || text.starts_with("./");
    const std::size_t length = is_path ? word_length(text) : 0;
    return length > 2 ? length : 0;
}

struct CodePiece {
    std::size_t length = 0;  // 0: the text does not begin with code
    Html html;
};

CodePiece code_at(std::string_view text)
{
    if (const std::size_t length = quoted_length(text); length > 0)
        return {length, element("code", "whole", text.substr(1, length - 2))};
    for (const auto measure : {command_length, option_length, setting_length})
        if (const std::size_t length = measure(text); length > 0)
            return {length, element("code", "whole", text.substr(0, length))};
    const std::size_t length = path_length(text);
    return length == 0 ? CodePiece() : CodePiece{length, element("code", text.substr(0, length))};
}

}  // namespace

Html prose(std::string_view sentence)
{
    Html html;
    std::size_t plain = 0;  // where the text begins that is not written yet
    for (std::size_t at = 0; at < sentence.size();) {
        const bool begins_a_word = at == 0 || sentence[at - 1] == ' ' || sentence[at - 1] == '(';
        const CodePiece code = begins_a_word ? code_at(sentence.substr(at)) : CodePiece();
        if (code.length == 0) {
            ++at;
            continue;
        }
        html += sentence.substr(plain, at - plain);
        html += code.html;
        plain = at += code.length;
    }
    return html + sentence.substr(plain);
}

}  // namespace mailstate
