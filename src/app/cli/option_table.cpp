// SPDX-License-Identifier: MIT
#include "app/cli/option_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "app/cli/option_values.hpp"

namespace mailstate {

namespace {

constexpr CommandSet planning = only_for(Command::plan) | only_for(Command::apply);
constexpr CommandSet rehearsing = only_for(Command::rehearse);
constexpr CommandSet looking =
    planning | only_for(Command::verify) | only_for(Command::check) | only_for(Command::probe) | rehearsing;
constexpr CommandSet applying = only_for(Command::apply);
constexpr CommandSet moving = applying | only_for(Command::rollback);
constexpr CommandSet checking = only_for(Command::check);
constexpr CommandSet judging = checking | rehearsing;
constexpr CommandSet displacing = only_for(Command::displaced);
constexpr CommandSet recalling = only_for(Command::history);
constexpr CommandSet explaining = only_for(Command::explain);
constexpr CommandSet certifying = only_for(Command::sni);

constexpr std::array option_rows{
    OptionDesc{"layout", "LAYOUT|FILE", OptionGroup::place, on_a_system,
               "a built-in layout (see mailstate layout list), or a JSON file: a name with / or .json",
               "detected, else docker-mailserver",
               [](Options& o, std::string_view v) { return assign_text(o.layout, v); }},
    OptionDesc{"state-dir", "DIR", OptionGroup::place, on_a_system, "where the volume is mounted", "the layout's",
               [](Options& o, std::string_view v) { return assign_state_dir(o.state_dir, v); }},
    OptionDesc{"root", "DIR", OptionGroup::place, on_a_system,
               "work below DIR as if it were /, with its passwd and group", "/",
               [](Options& o, std::string_view v) { return assign_text(o.root, v); }},
    OptionDesc{"from-root", "DIR", OptionGroup::place, planning | rehearsing,
               "copy the state of another container, whose files are below DIR, to the volume here; DIR stays as it is",
               "", [](Options& o, std::string_view v) { return assign_from_root(o.plan, v); }},
    OptionDesc{"only", "ENTRY,…", OptionGroup::place, on_a_system, "work on these entries of the layout only", "all",
               [](Options& o, std::string_view v) { return assign_list(o.plan.only, v); }},
    OptionDesc{"settings", "FILE", OptionGroup::place, on_a_system,
               "file of NAME=value lines, such as /etc/dms-settings; overrides the environment", "",
               [](Options& o, std::string_view v) { return assign_text(o.settings_file, v); }},

    OptionDesc{"system", "docker-mailserver|mailu|mailcow", OptionGroup::place, judging, "rule book to apply",
               "the layout's", [](Options& o, std::string_view v) { return assign_system(o.system, v); }},
    OptionDesc{"from", "VERSION", OptionGroup::place, judging, "the release that runs now", "detected",
               [](Options& o, std::string_view v) { return assign_text(o.from, v); }},
    OptionDesc{"to", "VERSION", OptionGroup::place, judging, "the release to upgrade to", "detected, else --from",
               [](Options& o, std::string_view v) { return assign_text(o.to, v); }},
    OptionDesc{"before", "RUN", OptionGroup::place, only_for(Command::rollback),
               "roll back to the state just before run RUN (see mailstate history)", "all the way back",
               [](Options& o, std::string_view v) { return assign_text(o.before, v); }},
    OptionDesc{"into", "DIR", OptionGroup::place, displacing,
               "restore: copy the item to this directory, which must be empty or not exist", "where it was",
               [](Options& o, std::string_view v) { return assign_text(o.into, v); }},
    OptionDesc{"config-dir", "DIR", OptionGroup::place, judging,
               "the configuration: docker-mailserver's folder, mailcow's data/conf, Mailu's root",
               "/tmp/docker-mailserver, or by the compose file",
               [](Options& o, std::string_view v) { return assign_text(o.config_dir, v); }},
    OptionDesc{"env-file", "FILE", OptionGroup::place, judging,
               "file of NAME=value lines: mailserver.env, mailu.env, mailcow.conf", "",
               [](Options& o, std::string_view v) { return assign_text(o.env_file, v); }},
    OptionDesc{"compose", "FILE|DIR|-", OptionGroup::place, judging,
               "the compose file, or the output of docker compose config; check finds paths of the container on the "
               "host through its volumes",
               "", [](Options& o, std::string_view v) { return assign_text(o.compose_file, v); }},
    OptionDesc{"manifest", "FILE|DIR|-", OptionGroup::place, judging,
               "Kubernetes manifests, as helm template or kubectl get -o yaml print them", "",
               [](Options& o, std::string_view v) { return assign_text(o.manifest, v); }},
    OptionDesc{"sender", "ADDRESS", OptionGroup::run, checking,
               "explain where this sender's mail goes, before and after", "",
               [](Options& o, std::string_view v) { return assign_text(o.sender, v); }},
    OptionDesc{"recipient", "ADDRESS", OptionGroup::run, checking, "explain who receives mail to this address", "",
               [](Options& o, std::string_view v) { return assign_text(o.recipient, v); }},
    OptionDesc{"list", "", OptionGroup::run, checking | explaining, "check: list the rules; explain: list all codes",
               "", [](Options& o, std::string_view v) { return assign_switch(o.list_rules, v); }},
    OptionDesc{"explain", "CODE", OptionGroup::run, checking, "the same as mailstate explain CODE", "",
               [](Options& o, std::string_view v) { return assign_text(o.explain, v); }},
    OptionDesc{"symptom", "TEXT", OptionGroup::run, explaining, "find the codes that go with this log message", "",
               [](Options& o, std::string_view v) { return assign_text(o.symptom, v); }},
    OptionDesc{
        "fix", "", OptionGroup::run, checking,
        "repair what can be repaired safely: nested links, stale pid files, o+x of the state directory, getmail's "
        "state, the SNI map",
        "", [](Options& o, std::string_view v) { return assign_switch(o.fix, v); }},

    OptionDesc{"scratch", "DIR", OptionGroup::place, rehearsing,
               "directory for the clone that only root can write to; a rehearsal elsewhere does not show what the "
               "state volume refuses",
               "on the state volume", [](Options& o, std::string_view v) { return assign_text(o.scratch, v); }},
    OptionDesc{"sample", "N", OptionGroup::run, rehearsing,
               "clone at most about N files of an entry, and extrapolate the times", "all",
               [](Options& o, std::string_view v) { return assign_count(o.sample, v); }},

    OptionDesc{"certs", "DIR", OptionGroup::place, certifying, "where the certificates are", "/etc/ssl/mail",
               [](Options& o, std::string_view v) { return assign_text(o.certificates, v); }},
    OptionDesc{"hostname", "NAME", OptionGroup::place, certifying, "the name of the default certificate",
               "MAILCOW_HOSTNAME", [](Options& o, std::string_view v) { return assign_text(o.hostname, v); }},
    OptionDesc{"format", "postfix|dovecot", OptionGroup::run, certifying, "a map for Postfix, or local_name blocks",
               "postfix", [](Options& o, std::string_view v) { return assign_map_format(o.dovecot, v); }},
    OptionDesc{"postmap", "", OptionGroup::run, certifying,
               "also compile the map with postmap -F: the compiled map holds copies of the keys", "",
               [](Options& o, std::string_view v) { return assign_switch(o.postmap, v); }},

    OptionDesc{"adopt-mounts", "", OptionGroup::decision, looking,
               "copy the content of a mount at an origin to the volume, and leave the mount", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.adopt_mounts, v); }},
    OptionDesc{"allow-unmounted", "", OptionGroup::decision, looking | moving,
               "accept a state directory that is not a mount point (persistent on bare metal or LXC)", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.allow_unmounted, v); }},
    OptionDesc{"allow-memory", "", OptionGroup::decision, looking,
               "accept a state directory in memory (tmpfs), although the state is lost when the container stops", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.allow_memory, v); }},
    OptionDesc{"allow-in-use", "", OptionGroup::decision, only_for(Command::rollback) | displacing,
               "continue although a service has its state open: changes that it makes meanwhile may be missed", "",
               [](Options& o, std::string_view v) { return assign_switch(o.allow_in_use, v); }},
    OptionDesc{"no-link", "", OptionGroup::decision, planning | rehearsing,
               "copy and set owners, but create no links (another container does)", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.no_link, v); }},
    OptionDesc{"in-place", "", OptionGroup::decision, looking, "also set owners and modes if an origin is a mount", "",
               [](Options& o, std::string_view v) { return assign_switch(o.plan.in_place, v); }},

    OptionDesc{"dry-run", "", OptionGroup::run, moving | displacing,
               "show what would be done and change nothing, as plan does", "",
               [](Options& o, std::string_view v) { return assign_switch(o.dry_run, v); }},
    OptionDesc{"plan", "FILE", OptionGroup::run, applying,
               "apply this saved plan; refuse if anything has changed since", "",
               [](Options& o, std::string_view v) { return assign_text(o.saved_plan, v); }},
    OptionDesc{"out", "FILE", OptionGroup::run, only_for(Command::plan) | certifying,
               "plan: save the plan for apply --plan; sni: write the map to FILE, atomically", "",
               [](Options& o, std::string_view v) { return assign_text(o.out, v); }},
    OptionDesc{"detailed-exitcode", "", OptionGroup::run, planning | moving,
               "exit with 2 when there are changes to make (plan, --dry-run)", "",
               [](Options& o, std::string_view v) { return assign_switch(o.detailed_exitcode, v); }},
    OptionDesc{"verify", "content|metadata", OptionGroup::run, moving | rehearsing,
               "how to compare a copy with its original before the copy takes its place", "metadata",
               [](Options& o, std::string_view v) { return assign_verification(o.verification, v); }},
    OptionDesc{"keep-going", "", OptionGroup::run, applying,
               "start CMD even after exit codes 3, 4, 5 and 75: the services run, and the log says what failed", "",
               [](Options& o, std::string_view v) { return assign_switch(o.keep_going, v); }},
    OptionDesc{"ownership", "full|quick", OptionGroup::run, applying | rehearsing | only_for(Command::verify),
               "full: check every file on every run; quick: only if something suggests a change", "full",
               [](Options& o, std::string_view v) { return assign_ownership(o.ownership, v); }},
    OptionDesc{"write-test", "", OptionGroup::run, only_for(Command::probe),
               "test what the volume supports, in a scratch directory that is removed afterwards", "",
               [](Options& o, std::string_view v) { return assign_switch(o.write_test, v); }},
    OptionDesc{"lock-timeout", "SECONDS", OptionGroup::run, moving | rehearsing | displacing | only_for(Command::probe),
               "how long to wait for another run to end", "60",
               [](Options& o, std::string_view v) { return assign_seconds(o.lock_timeout, v); }},
    OptionDesc{"older-than", "AGE", OptionGroup::run, displacing,
               "prune: items that were set aside longer ago than this: 12h, 30d, 8w", "",
               [](Options& o, std::string_view v) { return assign_age(o.older_than, v); }},
    OptionDesc{"all", "", OptionGroup::run, displacing, "prune: everything, or with --only all of these entries", "",
               [](Options& o, std::string_view v) { return assign_switch(o.all, v); }},
    OptionDesc{"limit", "N", OptionGroup::run, recalling, "show the last N runs", "all",
               [](Options& o, std::string_view v) { return assign_count(o.limit, v); }},
    OptionDesc{"jobs", "N", OptionGroup::run, at_work, "threads, 1 to 64",
               "four for each processor, at most 16; 16 where the volume is on a network",
               [](Options& o, std::string_view v) { return assign_jobs(o.jobs, v); }},
    OptionDesc{"strict", "", OptionGroup::run, on_a_system, "exit with 3 when a finding is a warning or an error", "",
               [](Options& o, std::string_view v) { return assign_switch(o.strict, v); }},

    OptionDesc{"output", "text|json|junit|sarif|github", OptionGroup::output, every_command,
               "format of stdout; junit, sarif and github for check, verify and rehearse", "text",
               [](Options& o, std::string_view v) { return assign_output(o.output, v); }},
    OptionDesc{"quiet", "", OptionGroup::output, at_work, "print findings and errors only", "",
               [](Options& o, std::string_view v) { return assign_switch(o.quiet, v); }},
    OptionDesc{"verbose", "", OptionGroup::output, at_work, "list all entries, even unchanged ones", "",
               [](Options& o, std::string_view v) { return assign_switch(o.verbose, v); }},
    OptionDesc{"log-level", "error|warn|info|debug|trace", OptionGroup::output, every_command,
               "verbosity of the log on stderr", "LOG_LEVEL, else info",
               [](Options& o, std::string_view v) { return assign_log_level(o.log_level, v); }},
    OptionDesc{"log-format", "text|json", OptionGroup::output, every_command,
               "json: one object per line, with results and findings", "text",
               [](Options& o, std::string_view v) { return assign_log_format(o.log_format, v); }},
    OptionDesc{"timestamps", "", OptionGroup::output, on_a_system,
               "start each log line with the time; JSON records always have it", "",
               [](Options& o, std::string_view v) { return assign_switch(o.timestamps, v); }},
    OptionDesc{"metrics", "FILE", OptionGroup::output, planning | moving | only_for(Command::verify) | judging,
               "write metrics to FILE (a name in .prom), for node_exporter's textfile collector", "",
               [](Options& o, std::string_view v) { return assign_text(o.metrics, v); }},
    OptionDesc{"report", "FILE", OptionGroup::output,
               planning | moving | only_for(Command::verify) | checking | rehearsing,
               "save a report to FILE: .json for machines, .html for a self-contained page", "",
               [](Options& o, std::string_view v) { return assign_report(o.report, v); }},
    OptionDesc{"no-progress", "", OptionGroup::output, at_work,
               "show no progress, neither on a terminal nor every 30 s in a log", "",
               [](Options& o, std::string_view v) { return assign_switch_off(o.progress, v); }},
    OptionDesc{"color", "auto|always|never", OptionGroup::output, every_command,
               "auto: on a terminal, unless NO_COLOR is set", "auto",
               [](Options& o, std::string_view v) { return assign_color(o.color, v); }},
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

std::span<const SwitchDesc> switch_table()
{
    static constexpr std::array<SwitchDesc, 2> switches{
        {{'h', "help", "show this text; mailstate help COMMAND shows a command's own"},
         {'V', "version", "show the version"}}};
    return switches;
}

std::span<const OptionDesc> option_table()
{
    return option_rows;
}

const OptionDesc* find_option(std::string_view name)
{
    const auto* const found = std::ranges::find(option_rows, name, &OptionDesc::name);
    return found == option_rows.end() ? nullptr : found;
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
    return (option.commands & at_work) == at_work;
}

}  // namespace mailstate
