// SPDX-License-Identifier: MIT
#include "app/option_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "app/option_values.hpp"

namespace mailstate {

namespace {

constexpr CommandSet planning = only_for(Command::plan) | only_for(Command::apply);
constexpr CommandSet looking =
    planning | only_for(Command::verify) | only_for(Command::check) | only_for(Command::probe);
constexpr CommandSet applying = only_for(Command::apply);
constexpr CommandSet moving = applying | only_for(Command::rollback);

constexpr std::array rows{
    OptionDesc{"layout", "NAME|FILE", OptionGroup::place, every_command,
               "the layout: one that is built in (see mailstate layout list), or a JSON file: with a / in it or .json "
               "at its end",
               "recognised, else docker-mailserver",
               [](Options& o, std::string_view v) { return assign_text(o.layout, v); }},
    OptionDesc{"state-dir", "DIR", OptionGroup::place, every_command, "where the volume is mounted", "the layout's",
               [](Options& o, std::string_view v) { return assign_state_dir(o.state_dir, v); }},
    OptionDesc{"root", "DIR", OptionGroup::place, every_command,
               "work below DIR as if it were /: its passwd and group too", "/",
               [](Options& o, std::string_view v) { return assign_text(o.root, v); }},
    OptionDesc{"only", "NAME,…", OptionGroup::place, every_command, "these entries of the layout and no others", "all",
               [](Options& o, std::string_view v) { return assign_list(o.plan.only, v); }},
    OptionDesc{"settings", "FILE", OptionGroup::place, every_command,
               "NAME=value lines, such as /etc/dms-settings; they win over the environment", "",
               [](Options& o, std::string_view v) { return assign_text(o.settings_file, v); }},

    OptionDesc{"adopt-mounts", "", OptionGroup::decision, looking,
               "copy what is mounted at an origin to the volume, and leave the mount", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.adopt_mounts, v); }},
    OptionDesc{"allow-unmounted", "", OptionGroup::decision, looking | moving,
               "the state directory is no mount of its own and persistent all the same (bare metal, LXC)", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.allow_unmounted, v); }},
    OptionDesc{"no-link", "", OptionGroup::decision, planning,
               "copy, publish and own, but make no links: the container that will is another one", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.no_link, v); }},
    OptionDesc{"in-place", "", OptionGroup::decision, looking,
               "put owners and modes right where an origin is a mount, too", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.in_place, v); }},

    OptionDesc{"dry-run", "", OptionGroup::run, moving, "say what would be done and change nothing, as plan does", "",
               [](Options& o, std::string_view v) { return assign_switch(o.dry_run, v); }},
    OptionDesc{"plan", "FILE", OptionGroup::run, applying,
               "do what this saved plan says, and refuse if the world has changed since", "",
               [](Options& o, std::string_view v) { return assign_text(o.saved_plan, v); }},
    OptionDesc{"out", "FILE", OptionGroup::run, only_for(Command::plan), "save the plan for apply --plan", "",
               [](Options& o, std::string_view v) { return assign_text(o.out, v); }},
    OptionDesc{"detailed-exitcode", "", OptionGroup::run, planning | moving,
               "exit with 2 when there are changes to make (plan, --dry-run)", "",
               [](Options& o, std::string_view v) { return assign_switch(o.detailed_exitcode, v); }},
    OptionDesc{"verify", "content|metadata", OptionGroup::run, moving,
               "how a copy is compared with its original before it takes its place", "metadata",
               [](Options& o, std::string_view v) { return assign_verification(o.verification, v); }},
    OptionDesc{
        "keep-going", "", OptionGroup::run, applying,
        "start the command behind -- after the exit codes 3, 4, 5 and 75, too: the services run, and each is said", "",
        [](Options& o, std::string_view v) { return assign_switch(o.keep_going, v); }},
    OptionDesc{"ownership", "full|quick", OptionGroup::run, applying | only_for(Command::verify),
               "full looks at every file on every run; quick only where something hints at a change", "full",
               [](Options& o, std::string_view v) { return assign_ownership(o.ownership, v); }},
    OptionDesc{"write-test", "", OptionGroup::run, only_for(Command::probe),
               "really test what the volume can do, in a scratch directory that is gone afterwards", "",
               [](Options& o, std::string_view v) { return assign_switch(o.write_test, v); }},
    OptionDesc{"lock-timeout", "SECONDS", OptionGroup::run, moving | only_for(Command::probe),
               "how long to wait for another run to end", "60",
               [](Options& o, std::string_view v) { return assign_seconds(o.lock_timeout, v); }},
    OptionDesc{"jobs", "N", OptionGroup::run, every_command, "threads, 1 to 64",
               "one a core, at most 8; 16 where the volume is on a network",
               [](Options& o, std::string_view v) { return assign_jobs(o.jobs, v); }},
    OptionDesc{"strict", "", OptionGroup::run, every_command, "exit with 3 when a finding is a warning or an error", "",
               [](Options& o, std::string_view v) { return assign_switch(o.strict, v); }},

    OptionDesc{"output", "text|json", OptionGroup::output, every_command, "what goes to stdout", "text",
               [](Options& o, std::string_view v) { return assign_output(o.output, v); }},
    OptionDesc{"log-level", "error|warn|info|debug|trace", OptionGroup::output, every_command, "what goes to stderr",
               "LOG_LEVEL, else info", [](Options& o, std::string_view v) { return assign_log_level(o.log_level, v); }},
    OptionDesc{"log-format", "text|json", OptionGroup::output, every_command, "json: one object a line", "text",
               [](Options& o, std::string_view v) { return assign_log_format(o.log_format, v); }},
    OptionDesc{"no-progress", "", OptionGroup::output, every_command, "no progress line on a terminal", "",
               [](Options& o, std::string_view v) { return assign_switch_off(o.progress, v); }},
    OptionDesc{"color", "auto|always|never", OptionGroup::output, every_command, "auto: on a terminal, unless NO_COLOR",
               "auto", [](Options& o, std::string_view v) { return assign_color(o.color, v); }},
};

}  // namespace

std::string_view heading(OptionGroup group)
{
    switch (group) {
        case OptionGroup::place:
            return "What and where";
        case OptionGroup::decision:
            return "Decisions";
        case OptionGroup::run:
            return "Run";
        case OptionGroup::output:
            return "Output";
    }
    return "";
}

std::span<const OptionDesc> option_table()
{
    return rows;
}

const OptionDesc* find_option(std::string_view name)
{
    const auto* const found = std::ranges::find(rows, name, &OptionDesc::name);
    return found == rows.end() ? nullptr : found;
}

std::string variable_of(const OptionDesc& option)
{
    std::string variable = "MAILSTATE_";
    for (const char letter : option.name)
        variable += letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return variable;
}

bool belongs_to(const OptionDesc& option, Command command)
{
    return (option.commands & only_for(command)) != 0;
}

bool is_common(const OptionDesc& option)
{
    return option.commands == every_command;
}

}  // namespace mailstate
