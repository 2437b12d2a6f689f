// SPDX-License-Identifier: MIT
#include "preflight/message.hpp"

#include <utility>

#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t longest_message = 1000;  // bytes

}  // namespace

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
        words.text += part.text;
        if (!part.name.empty() && !part.value.empty()) words.data.insert_or_assign(std::string(part.name), part.value);
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
