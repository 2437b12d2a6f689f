// SPDX-License-Identifier: MIT
#include "app/cli/value_words.hpp"

#include <algorithm>

#include "app/answers/code_facts.hpp"
#include "app/cli/man_page.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/layout_json.hpp"

namespace mailstate {

namespace {

constexpr std::string_view list_mark = ",…";

bool is_literal(std::string_view word)
{
    return !word.empty() && word.front() >= 'a' && word.front() <= 'z';
}

std::vector<std::string> entries_of_built_in_layouts()
{
    std::vector<std::string> names;
    for (const std::string& layout : built_in_layouts())
        if (const Result<Layout> parsed = parse_layout(layout, built_in_layout_text(layout)))
            for (const Entry& entry : parsed->entries) names.push_back(entry.name);
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::string> page_names()
{
    std::vector<std::string> names;
    for (const ManPage& page : man_pages()) names.emplace_back(page.name);
    return names;
}

std::vector<std::string> words_for(std::string_view part)
{
    if (is_literal(part)) return {std::string(part)};
    if (part == "LAYOUT") return built_in_layouts();
    if (part == "ENTRY") return entries_of_built_in_layouts();
    if (part == "CODE") return every_code();
    if (part == "[COMMAND]") return command_names();
    if (part == "[PAGE]") return page_names();
    return {};
}

void add_argument(std::string_view alternative, std::vector<ArgumentWords>& to)
{
    const std::size_t blank = std::min(alternative.find(' '), alternative.size());
    const std::string_view followed = trim(alternative.substr(blank));
    for (const std::string& word : value_words(alternative.substr(0, blank)).words)
        to.push_back({word, value_words(followed)});
}

}  // namespace

ValueWords value_words(std::string_view placeholder)
{
    ValueWords values;
    values.is_list = placeholder.ends_with(list_mark);
    if (values.is_list) placeholder.remove_suffix(list_mark.size());
    for (const std::string& part : split_list(placeholder, '|')) {
        const std::vector<std::string> words = words_for(part);
        values.words.insert(values.words.end(), words.begin(), words.end());
        values.files = values.files || part == "FILE";
        values.directories = values.directories || part == "DIR";
    }
    return values;
}

std::vector<ArgumentWords> argument_words(const CommandDesc& command)
{
    constexpr std::string_view bar = " | ";
    std::vector<ArgumentWords> arguments;
    for (std::string_view rest = command.arguments; !rest.empty() && !starts_program(command);) {
        const std::size_t end = std::min(rest.find(bar), rest.size());
        add_argument(rest.substr(0, end), arguments);
        rest.remove_prefix(std::min(end + bar.size(), rest.size()));
    }
    return arguments;
}

bool starts_program(const CommandDesc& command)
{
    return command.arguments.starts_with("[--");
}

}  // namespace mailstate
