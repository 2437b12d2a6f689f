// SPDX-License-Identifier: MIT
#include "preflight/message.hpp"

#include <algorithm>
#include <utility>

#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t longest_message = 1000;  // bytes

// Where the login in a word ends; 0 where it has none.
std::size_t end_of_login(std::string_view word)
{
    const std::size_t at = word.rfind('@');
    return at == std::string_view::npos || word.substr(at).starts_with("@sha256:") ? 0 : at;  // of an image
}

std::string word_without_login(std::string_view word)
{
    const std::size_t scheme = word.find("://"), end = end_of_login(word);
    std::size_t begin = scheme == std::string_view::npos || scheme > end ? 0 : scheme + 3;
    if (word.substr(begin).starts_with('[')) ++begin;
    if (end <= begin || word.substr(begin, end - begin).find(':') == std::string_view::npos) return std::string(word);
    return std::string(word.substr(0, begin)) + "…" + std::string(word.substr(end));
}

}  // namespace

std::string without_login(std::string_view text)
{
    if (text.find('@') == std::string_view::npos) return std::string(text);
    static constexpr std::string_view between = " \t\r\n\"'";
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(between), text.size());
        result += word_without_login(text.substr(0, end));
        const std::size_t next = std::min(text.find_first_not_of(between, end), text.size());
        result += text.substr(end, next - end);
        text.remove_prefix(next);
    }
    return result;
}

Part::Part(std::string_view name_of_value, std::string_view raw, std::string shown)
    : name(name_of_value), value(raw), text(std::move(shown))
{
}

Part datum(std::string_view name, std::string_view value)
{
    return {name, value, printable(value)};
}

Part datum(std::string_view name, std::string_view value, std::string text)
{
    return {name, value, std::move(text)};
}

Part counted(std::string_view name, std::uint64_t count, std::string_view one, std::string_view many)
{
    return {name, std::to_string(count), human_count(count, one, many)};
}

Part amount(std::string_view name, std::uint64_t bytes)
{
    return {name, std::to_string(bytes), human_bytes(bytes)};
}

Worded worded(Message message)
{
    Worded words;
    for (const Part& part : message) {
        words.text += part.name.empty() ? part.text : without_login(part.text);
        if (!part.name.empty() && !part.value.empty())
            words.data.insert_or_assign(std::string(part.name), without_login(part.value));
    }
    words.text = shortened(std::move(words.text), longest_message);
    return words;
}

Problem problem_of(Finding finding, Message message)
{
    return problem_of(std::move(finding), worded(message));
}

Problem problem_of(Finding finding, Worded message)
{
    finding.message += message.text;
    return {std::move(finding), std::move(message.data)};
}

}  // namespace mailstate
