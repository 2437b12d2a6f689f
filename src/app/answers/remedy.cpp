// SPDX-License-Identifier: MIT
#include "app/answers/remedy.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "app/cli/option_table.hpp"

namespace mailstate {

namespace {

// A relative path may have become an absolute one on its way.
bool is_named(const std::string& value, const std::string& subject)
{
    return !value.empty() && (subject == value || subject.ends_with("/" + value));
}

const OptionDesc* option_that_names(const std::string& subject, const Options& options)
{
    const std::array<std::pair<std::string_view, const std::string*>, 11> named{{
        {"layout", &options.layout},
        {"settings", &options.settings_file},
        {"plan", &options.saved_plan},
        {"out", &options.out},
        {"compose", &options.compose_file},
        {"manifest", &options.manifest},
        {"env-file", &options.env_file},
        {"config-dir", &options.config_dir},
        {"certs", &options.certificates},
        {"state-dir", &options.state_dir},
        {"root", &options.root},
    }};
    const auto* const found =
        std::ranges::find_if(named, [&](const auto& row) { return is_named(*row.second, subject); });
    return found == named.end() ? nullptr : find_option(found->first);
}

}  // namespace

std::string remedy_for(const Error& error, const Options& options)
{
    if (!error.hint.empty() || error.number == 0) return error.hint;
    if (const OptionDesc* const option = option_that_names(error.subject, options))
        return "Name the right one with --" + std::string(option->name) + " (" + variable_of(*option) + ").";
    const bool is_argument = std::ranges::find(options.arguments, error.subject) != options.arguments.end();
    return is_argument ? "Name an existing, readable file." : "";
}

}  // namespace mailstate
