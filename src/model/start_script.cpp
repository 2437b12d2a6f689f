// SPDX-License-Identifier: MIT
#include "model/start_script.hpp"

#include <algorithm>
#include <vector>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// Without its comment, which begins at a # at the start of a word.
std::string_view code_of(std::string_view line)
{
    for (std::size_t i = 0; i < line.size(); ++i)
        if (line[i] == '#' && (i == 0 || is_space(line[i - 1]))) return line.substr(0, i);
    return line;
}

std::vector<std::string> words_of(std::string_view code)
{
    constexpr std::string_view separators = " \t\r;|&(){}";
    std::vector<std::string> words;
    for (std::size_t at = 0; at < code.size();) {
        const std::size_t begin = code.find_first_not_of(separators, at);
        if (begin == std::string_view::npos) break;
        const std::size_t end = std::min(code.find_first_of(separators, begin), code.size());
        words.emplace_back(code.substr(begin, end - begin));
        at = end;
    }
    return words;
}

std::string_view command_of(std::string_view word)
{
    const std::size_t slash = word.rfind('/');
    return slash == std::string_view::npos ? word : word.substr(slash + 1);  // /bin/mv
}

bool is_link_option(const std::string& word)
{
    if (word.starts_with("--")) return word == "--symbolic";
    return word.starts_with('-') && word.find('s') != std::string::npos;
}

struct Deeds {
    bool names_state_dir = false, takes_away = false, links = false;
};

void look_at_line(std::string_view code, std::string_view state_dir, Deeds& deeds)
{
    deeds.names_state_dir = deeds.names_state_dir || code.find(state_dir) != std::string_view::npos;
    const std::vector<std::string> words = words_of(code);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view command = command_of(words[i]);
        if (command == "mv" || command == "rm") deeds.takes_away = true;
        if (command == "ln" && std::any_of(words.begin() + static_cast<std::ptrdiff_t>(i), words.end(), is_link_option))
            deeds.links = true;
    }
}

// v12 and v13 do nothing with ONE_DIR=0; later ones do not know the variable.
bool is_switched_off(std::string_view script, const Settings& settings)
{
    const auto one_dir = settings.values.find("ONE_DIR");
    if (one_dir == settings.values.end() || one_dir->second.empty()) return false;
    const auto value = bash_integer(one_dir->second, settings.values);
    return script.find("ONE_DIR") != std::string_view::npos && !(value && *value == 1);
}

}  // namespace

bool moves_state(std::string_view script, std::string_view state_dir, const Settings& settings)
{
    Deeds deeds;
    for (std::size_t at = 0; at < script.size();) {
        const std::size_t end = std::min(script.find('\n', at), script.size());
        const std::string_view line = script.substr(at, end - at), code = code_of(line);
        if (line.substr(code.size()).find(drop_in_marker) != std::string_view::npos) return false;
        look_at_line(code, state_dir, deeds);
        at = end + 1;
    }
    return deeds.names_state_dir && deeds.takes_away && deeds.links && !is_switched_off(script, settings);
}

}  // namespace mailstate
