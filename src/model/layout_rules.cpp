// SPDX-License-Identifier: MIT
#include "model/layout_rules.hpp"

#include <algorithm>
#include <array>

#include "mailstate/model/glob.hpp"
#include "model/references.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

constexpr std::size_t longest_name = 64;

std::optional<std::string> path_problem(std::string_view text)
{
    if (text.find('\0') != std::string_view::npos) return "holds a NUL byte";
    while (!text.empty()) {
        const auto component = text.substr(0, text.find('/'));
        if (component.empty()) return "has an empty component";
        if (component == "." || component == "..") return "has a component " + in_quotes(component);
        if (component.size() == text.size()) break;
        text.remove_prefix(component.size() + 1);
        if (text.empty()) return "ends in '/'";
    }
    return std::nullopt;
}

bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

}  // namespace

std::optional<Complaint> name_rule(const std::string& text)
{
    const bool good = !text.empty() && text.size() <= longest_name && text.front() != '.' && text.front() != '-' &&
                      std::all_of(text.begin(), text.end(), is_name_character);
    if (good) return std::nullopt;
    // It becomes part of a directory's name and an item of comma-separated lists.
    return Complaint{in_quotes(text) + " is not a valid name",
                     "A name has 1 to 64 letters, digits, '-', '_' or '.', and starts with "
                     "a letter, a digit or '_'."};
}

std::optional<Complaint> absolute_path_rule(const std::string& text)
{
    if (!text.starts_with('/'))
        return Complaint{in_quotes(text) + " is not absolute", "Write the whole path, starting with '/'."};
    if (text == "/") return Complaint{"\"/\" cannot be managed", "Name a directory below it."};
    const auto problem = path_problem(std::string_view(text).substr(1));
    if (!problem) return std::nullopt;
    return Complaint{in_quotes(text) + ' ' + *problem,
                     "Write the path without '.', '..', doubled and trailing slashes."};
}

std::optional<Complaint> destination_rule(const std::string& text)
{
    if (text.empty()) return Complaint{"the destination is empty", "Name a place below the state directory."};
    if (text.starts_with('/'))
        return Complaint{in_quotes(text) + " is absolute", "A destination is relative to the state directory."};
    if (text.starts_with(".mailstate"))
        return Complaint{in_quotes(text) + " is reserved for the ledger",
                         "Choose a name that does not start with "
                         "\".mailstate\"."};
    const auto problem = path_problem(text);
    if (!problem) return std::nullopt;
    return Complaint{in_quotes(text) + ' ' + *problem,
                     "Write the path without '.', '..', doubled and trailing slashes."};
}

std::optional<Complaint> variable_rule(const std::string& text)
{
    if (is_shell_name(text)) return std::nullopt;
    return Complaint{in_quotes(text) + " is not a valid name of a variable",
                     "A variable has letters, digits and underscores, and no digit in front."};
}

std::optional<Complaint> default_rule(const std::string& text)
{
    if (split_references(text)) return std::nullopt;
    return Complaint{in_quotes(text) + " has a '${' without a name and '}' after it",
                     "Write ${NAME} for the value of another variable."};
}

std::optional<Complaint> account_rule(const std::string& text)
{
    const auto odd = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '/' || c == ','; };
    const bool number =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!text.empty() && !number && std::none_of(text.begin(), text.end(), odd)) return std::nullopt;
    return Complaint{in_quotes(text) + " is not a valid name of a user or group",
                     "Owner and group are two names, as in passwd and group; numbers differ from image to image."};
}

std::optional<Complaint> need_rule(const std::string& text)
{
    if (ability_named(text)) return std::nullopt;
    std::vector<std::string_view> names;
    names.reserve(abilities.size());
    for (const AbilityRow& row : abilities) names.push_back(row.name);
    return Complaint{in_quotes(text) + " is not a capability of a volume" + suggestion(text, names),
                     "Known are " + either(names) + '.'};
}

std::optional<Complaint> storage_name_rule(const std::string& text)
{
    const std::size_t star = text.find('*');
    const bool is_name = !text.empty() && text != "." && text != ".." && text.find('/') == std::string::npos;
    if (is_name && (star == std::string::npos || (star > 0 && star + 1 == text.size()))) return std::nullopt;
    return Complaint{in_quotes(text) + " is not the name of a file",
                     "Write one name, such as \"lost+found\", or its beginning with a * at the end: \".Trash-*\"."};
}

// Names that have nothing in common: globs that match all of a row match any.
bool match_everything(const std::vector<std::string>& globs)
{
    constexpr std::array<std::string_view, 8> names{"a", "Zq", "7", ".h", "_x-y.z~", "+ w", "mbox.lock.9", "\xc3\xa9"};
    std::vector<Glob> compiled;
    for (const std::string& text : globs)
        if (auto glob = Glob::compile(text)) compiled.push_back(std::move(*glob));
    const auto match = [&](const std::string& path) {
        return std::ranges::any_of(compiled, [&](const Glob& glob) { return glob.matches(path); });
    };
    const auto match_all_below = [&](const std::string& prefix) {
        return std::ranges::all_of(names, [&](std::string_view name) { return match(prefix + std::string(name)); });
    };
    const bool all_directories =
        std::ranges::all_of(names, [&](std::string_view name) { return match_all_below(std::string(name) + "/"); });
    return match("") || match_all_below("") || all_directories;
}

std::optional<Complaint> not_everything_rule(const std::string& text)
{
    if (!match_everything({text})) return std::nullopt;
    return Complaint{"the glob " + in_quotes(text) + " matches everything",
                     "Name the files that a service leaves behind, such as \"*.pid\" or \"cache/**\"."};
}

std::optional<Complaint> glob_rule(const std::string& text)
{
    const auto glob = Glob::compile(text);
    if (glob) return std::nullopt;
    return Complaint{"the glob " + in_quotes(text) + " is wrong: " + glob.error().message,
                     "Globs know *, ?, **, [a-z], [!a-z], {a,b} and the backslash, and are relative to the entry."};
}

}  // namespace mailstate
