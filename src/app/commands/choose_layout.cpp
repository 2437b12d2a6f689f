// SPDX-License-Identifier: MIT
#include "app/commands/choose_layout.hpp"

#include <algorithm>
#include <array>

#include "app/cli/suggestion.hpp"
#include "app/files/files.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/layout_json.hpp"
#include "preflight/file_paths.hpp"

namespace mailstate {

namespace {

struct Mark {  // what tells a mail system's image from others: a path, and another where that is too common; a variable
    std::string_view layout, name, with;
};
constexpr std::array<Mark, 7> marks{{
    {"docker-mailserver", "/etc/dms-settings", ""},
    {"docker-mailserver", "/usr/local/bin/setup.d/mail_state.sh", ""},
    {"docker-mailserver", "DMS_RELEASE", ""},
    {"mailcow", "/opt/postfix/conf", "/docker-entrypoint.sh"},
    {"mailcow", "MAILCOW_HOSTNAME", "/docker-entrypoint.sh"},
    {"mailu", "/start.py", "/conf"},
    {"mailu", "/start.py", "/audit.py"},  // the container admin
}};

bool is_there(std::string_view name, const Reader& reader, const Variables& environment)
{
    if (name.empty()) return true;
    if (!name.starts_with('/')) return environment.contains(name);
    const Result<DirectoryRef> directory = reader.open(Path(parent_of(std::string(name))));
    if (!directory) return false;
    const auto found = find(reader, {*directory, base_name(std::string(name))});
    return found && found->has_value();
}

std::string names_of_built_in_layouts()
{
    std::string names;
    for (const std::string& name : built_in_layouts()) names += (names.empty() ? "" : ", ") + name;
    return names;
}

}  // namespace

bool is_layout_file(std::string_view name_or_file)
{
    return name_or_file.find('/') != std::string_view::npos || name_or_file.ends_with(".json");
}

Result<Layout> load_layout(const std::string& name_or_file, const Stop& stop)
{
    if (is_layout_file(name_or_file)) return parse_layout(name_or_file, TRY(read_input_file(name_or_file, stop)));
    const std::string_view text = built_in_layout_text(name_or_file);
    if (text.empty())
        return fail(text_error(name_or_file, "is not a built-in layout",
                               did_you_mean(name_or_file, built_in_layouts()) +
                                   "Built in: " + names_of_built_in_layouts() +
                                   ". To name a file, write a path with a / or a name that ends in .json."));
    return parse_layout(name_or_file + ".json", text);
}

Recognised recognise_layout(const Reader& reader, const Variables& environment)
{
    for (const Mark& mark : marks) {
        if (!is_there(mark.name, reader, environment) || !is_there(mark.with, reader, environment)) continue;
        return {std::string(mark.layout), std::string(mark.name) + " was found"};
    }
    return {std::string(default_layout), ""};
}

Result<Layout> choose_layout(const Options& options, const Reader& reader, const Variables& environment,
                             const Stop& stop)
{
    std::string name = options.layout;
    if (name.empty()) {
        const Recognised recognised = recognise_layout(reader, environment);
        name = recognised.layout;
        log_debug(
            "layout " + name + ": " +
            (recognised.because.empty() ? "the default, because no mail system was recognised" : recognised.because));
    }
    Layout layout = TRY(load_layout(name, stop));
    if (!options.state_dir.empty()) layout.state_dir = options.state_dir;
    return layout;
}

Result<> check_only(const Options& options, const Layout& layout)
{
    std::vector<std::string> names;
    for (const Entry& entry : layout.entries) names.push_back(entry.name);
    for (const std::string& wanted : options.plan.only) {
        if (std::ranges::find(names, wanted) != names.end()) continue;
        return fail(text_error(wanted, "--only: layout " + layout.name + " has no entry of that name",
                               did_you_mean(wanted, names) + "See: mailstate layout show " + layout.name + "."));
    }
    return {};
}

}  // namespace mailstate
