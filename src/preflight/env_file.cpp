// SPDX-License-Identifier: MIT
#include "preflight/env_file.hpp"

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/words.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr int most_line_problems = 20;  // of one file: it is the wrong file then

// A value without quotes ends before " #".
std::size_t comment_at(std::string_view value)
{
    for (std::size_t at = value.find('#'); at != std::string_view::npos; at = value.find('#', at + 1))
        if (at > 0 && (value[at - 1] == ' ' || value[at - 1] == '\t')) return at;
    return std::string_view::npos;
}

// The quotes are taken off where they close; what follows may only be a comment.
void read_value(std::string_view text, Setting& setting)
{
    text = trim(text);
    const char quote = text.empty() ? '\0' : text.front();
    const std::size_t end = quote == '"' || quote == '\'' ? text.find(quote, 1) : std::string_view::npos;
    if (end != std::string_view::npos) {
        setting.quoted = true;
        setting.value = text.substr(1, end - 1);
        setting.commented = trim(text.substr(end + 1)).starts_with('#');
        return;
    }
    const std::size_t comment = comment_at(text);
    setting.commented = comment != std::string_view::npos;
    setting.value = trim(text.substr(0, comment));
}

}  // namespace

EnvFile parse_env_file(std::string_view file_name, std::string_view text)
{
    EnvFile file;
    const TextLines lines = split_lines(text);
    int problems = 0;
    for (const TextLine& line : lines.lines) {
        if (is_comment(line.text)) continue;
        std::string_view rest = trim(line.text);
        if (rest.starts_with("export ")) rest = trim(rest.substr(7));
        const std::size_t equals = rest.find('=');
        const std::string_view name = trim(rest.substr(0, equals));
        if (equals == std::string_view::npos && is_shell_name(name)) continue;  // "NAME": the engine's own value
        if (!is_shell_name(name)) {
            if (++problems <= most_line_problems)
                file.problems.push_back(problem_of(make_finding("env.line", place_of(file_name, line.number), ""),
                                                   {"this line is not NAME=value and is skipped"}));
            continue;
        }
        Setting setting;
        setting.where = place_of(file_name, line.number);
        read_value(rest.substr(equals + 1), setting);
        file.settings[std::string(name)] = std::move(setting);
    }
    return file;
}

EnvFile parse_raw_env(std::string_view file_name, std::string_view text)
{
    EnvFile file;
    const TextLines lines = split_lines(text);
    for (const TextLine& line : lines.lines) {
        const std::size_t equals = line.text.find('=');
        if (is_comment(line.text) || equals == std::string_view::npos) continue;
        Setting setting;
        setting.where = place_of(file_name, line.number);
        setting.value = line.text.substr(equals + 1);
        setting.from_file = false;  // quotes are part of the value
        file.settings[std::string(trim(line.text.substr(0, equals)))] = std::move(setting);
    }
    return file;
}

}  // namespace mailstate
