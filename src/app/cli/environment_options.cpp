// SPDX-License-Identifier: MIT
#include "app/cli/environment_options.hpp"

#include <unistd.h>

#include "app/cli/option_table.hpp"
#include "app/cli/option_values.hpp"
#include "app/cli/suggestion.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::string_view prefix = "MAILSTATE_";

void read_log_level(const Variables& environment, Parsed& parsed)
{
    const auto found = environment.find("LOG_LEVEL");
    if (found == environment.end() || found->second.empty()) return;
    // Mailu's names are Python's. The variable belongs to other programs too, so a word that is not ours must not stop
    // the container's start.
    const std::string level = lower(found->second);
    const std::string_view known = level == "warning"    ? "warn"
                                   : level == "critical" ? "error"
                                                         : std::string_view(level);
    if (!assign_log_level(parsed.options.log_level, known))
        parsed.notices.push_back("LOG_LEVEL: '" + excerpt(found->second) +
                                 "' is not error, warn, info, debug or trace; info is used");
}

void read_option(const OptionDesc& option, const Variables& environment, Parsed& parsed)
{
    const bool applies = is_common(option) || (parsed.command != nullptr && belongs_to(option, parsed.command->id));
    const auto found = environment.find(variable_of(option));
    if (!applies || found == environment.end() || found->second.empty()) return;
    const Result<> assigned = option.assign(parsed.options, found->second);
    if (assigned) parsed.options.given[std::string(option.name)] = found->second;
    if (assigned || parsed.problem) return;
    parsed.problem =
        text_error(found->first, assigned.error().message, "The environment sets it; correct it there, or unset it.");
}

void look_for_slips(const Variables& environment, Parsed& parsed)
{
    std::vector<std::string> known;
    for (const OptionDesc& option : option_table()) known.push_back(variable_of(option).substr(prefix.size()));
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(prefix)) continue;
        const std::string meant = nearest(std::string_view(name).substr(prefix.size()), known);
        if (!meant.empty() && name.substr(prefix.size()) != meant)
            parsed.notices.push_back(excerpt(name) + " is not an option and is not read; " + std::string(prefix) +
                                     meant + " is");
    }
}

}  // namespace

void read_environment(const Variables& environment, Parsed& parsed)
{
    read_log_level(environment, parsed);
    for (const OptionDesc& option : option_table()) read_option(option, environment, parsed);
    look_for_slips(environment, parsed);
}

Variables process_environment()
{
    Variables variables;
    for (char** line = environ; line != nullptr && *line != nullptr; ++line) {
        const std::string_view text(*line);
        const std::size_t equals = text.find('=');
        // The first of two of the same name is the one that getenv(3) finds.
        if (equals != std::string_view::npos && equals > 0)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

}  // namespace mailstate
