// SPDX-License-Identifier: MIT
#include "app/cli/parse_options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

#include "app/cli/command_line_problem.hpp"
#include "app/cli/environment_options.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/option_values.hpp"
#include "app/output/pipeline_text.hpp"

namespace mailstate {

namespace {

using Arguments = std::vector<std::string>;

// CLI11 collects the texts; what they mean is for the rows of the option table to say. The common options are known to
// the program and to each command, so that they may stand on either side of the command's name.
void add_options(CLI::App& app, const CommandDesc* command)
{
    app.set_help_flag();
    app.allow_extras();
    for (const SwitchDesc& each : switch_table())
        app.add_flag(std::string("-") + each.letter + ",--" + std::string(each.name));
    for (const OptionDesc& option : option_table()) {
        if (!is_common(option) && (command == nullptr || !belongs_to(option, command->id))) continue;
        const std::string name = "--" + std::string(option.name);
        CLI::Option* added = option.placeholder.empty() ? app.add_flag(name) : app.add_option(name);
        added->take_last();
    }
}

bool is_given(const CLI::App& app, const std::string& name)
{
    return app.get_option(name)->count() > 0;
}

// The value given last; the command's side of the line wins over the program's.
std::optional<std::string> given_value(const CLI::App& app, const CLI::App* command, const OptionDesc& option)
{
    for (const CLI::App* side : {command, &app}) {
        const CLI::Option* found =
            side == nullptr ? nullptr : side->get_option_no_throw("--" + std::string(option.name));
        if (found != nullptr && found->count() > 0) return found->results().back();
    }
    return std::nullopt;
}

void keep_first(std::optional<Error>& problem, Error error)
{
    if (!problem) problem = std::move(error);
}

// apply takes them only after "--".
bool takes_arguments(const CommandDesc& command)
{
    return !command.arguments.empty() && command.id != Command::apply;
}

// Sorts what CLI11 did not know into the command's arguments and mistakes.
void take_extras(const Arguments& extras, Parsed& parsed)
{
    for (const std::string& extra : extras) {
        const bool is_option = extra.size() > 1 && extra.front() == '-';
        if (!is_option && parsed.command != nullptr && takes_arguments(*parsed.command))
            parsed.options.arguments.push_back(extra);
        else if (!is_option && parsed.command == nullptr)
            parsed.problem = unknown_command(extra);  // worse than any option that follows it
        else
            keep_first(parsed.problem,
                       is_option ? unknown_option(extra, parsed.command) : unexpected_argument(extra, *parsed.command));
    }
}

void read_values(const CLI::App& app, const CLI::App* side, Parsed& parsed)
{
    for (const OptionDesc& option : option_table()) {
        const std::optional<std::string> value = given_value(app, side, option);
        if (!value) continue;
        const Result<> assigned = option.assign(parsed.options, *value);
        if (assigned) parsed.options.given[std::string(option.name)] = *value;
        if (!assigned) keep_first(parsed.problem, bad_option_value(option, assigned.error(), parsed.command));
    }
}

// The words after "--": the program that apply starts, with its options; to others just arguments.
void take_rest(Arguments::const_iterator dashes, Arguments::const_iterator end, Parsed& parsed, Arguments& extras)
{
    if (dashes == end) return;
    Arguments rest(dashes + 1, end);
    const bool starts = parsed.command != nullptr && parsed.command->id == Command::apply;
    if (starts && rest.empty()) keep_first(parsed.problem, nothing_to_start());
    if (starts)
        parsed.options.program = std::move(rest);
    else
        extras.insert(extras.end(), rest.begin(), rest.end());
}

void check_combinations(Parsed& parsed)
{
    if (parsed.options.dry_run && !parsed.options.saved_plan.empty())
        keep_first(parsed.problem, text_error("--dry-run", "cannot be combined with --plan",
                                              "Leave out one of the two: a saved plan has already been shown."));
    if (parsed.options.dry_run && !parsed.options.program.empty())
        keep_first(parsed.problem,
                   text_error("--dry-run", "cannot be combined with a command to start",
                              "Leave out one of the two: the services would start without their state."));
    if (!parsed.options.plan.from_root.empty() && !parsed.options.program.empty())
        keep_first(parsed.problem,
                   text_error("--from-root", "cannot be combined with a command to start",
                              "Run it alone first, then start the services without it: apply creates the links."));
    if (!parsed.options.plan.from_root.empty() && !(parsed.options.out + parsed.options.saved_plan).empty())
        keep_first(parsed.problem, text_error("--from-root", "cannot be combined with --plan or --out",
                                              "Run it without a saved plan: it changes nothing but the volume."));
    if (parsed.options.quiet && parsed.options.verbose)
        keep_first(parsed.problem,
                   text_error("--quiet", "cannot be combined with --verbose", "Leave out one of them."));
    const CommandSet judging = only_for(Command::check) | only_for(Command::verify) | only_for(Command::rehearse);
    if (is_for_pipelines(parsed.options.output) && parsed.command != nullptr &&
        (judging & only_for(parsed.command->id)) == 0)
        keep_first(parsed.problem, text_error("--output", "junit, sarif and github are for check, verify and rehearse",
                                              "Use text or json."));
    if (parsed.command == nullptr) keep_first(parsed.problem, missing_command());
}

}  // namespace

Parsed parse_options(const std::vector<std::string>& arguments, const Variables& environment)
{
    CLI::App app;
    add_options(app, nullptr);
    app.require_subcommand(0, 1);
    for (const CommandDesc& command : command_table())
        add_options(*app.add_subcommand(std::string(command.name)), &command);

    Parsed parsed;
    const auto end_of_options = std::ranges::find(arguments, "--");
    Arguments reversed(std::make_reverse_iterator(end_of_options), std::make_reverse_iterator(arguments.begin()));
    std::optional<Error> broken;
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& error) {
        broken = missing_value(error.what());
    }

    const std::vector<CLI::App*> chosen = app.get_subcommands();
    const CLI::App* const side = chosen.empty() ? nullptr : chosen.front();
    if (side != nullptr) parsed.command = find_command(side->get_name());
    parsed.help = is_given(app, "--help") || (side != nullptr && is_given(*side, "--help"));
    parsed.version = is_given(app, "--version") || (side != nullptr && is_given(*side, "--version"));

    read_environment(environment, parsed);
    read_values(app, side, parsed);
    if (broken) parsed.problem = broken;
    Arguments extras = broken ? Arguments() : app.remaining(true);
    take_rest(end_of_options, arguments.end(), parsed, extras);
    take_extras(extras, parsed);
    check_combinations(parsed);
    return parsed;
}

}  // namespace mailstate
