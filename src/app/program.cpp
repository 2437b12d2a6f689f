// SPDX-License-Identifier: MIT
#include "app/program.hpp"

#include <cerrno>
#include <exception>

#include "app/answers/refusal.hpp"
#include "app/cli/command_table.hpp"
#include "app/cli/help.hpp"
#include "app/cli/parse_options.hpp"
#include "app/cli/program_version.hpp"
#include "app/files/metrics_file.hpp"
#include "app/log/log.hpp"
#include "app/log/records.hpp"
#include "app/output/json.hpp"
#include "app/output/paragraph.hpp"
#include "app/start_program.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string_view command_name(const Parsed& parsed)
{
    return parsed.command == nullptr ? std::string_view() : parsed.command->name;
}

// A promise of our own that was broken. What apply had done until then is safe: it may be killed at any point.
Answer broken_promise(const Parsed& parsed, const std::exception& exception)
{
    const CommandSet moving = only_for(Command::apply) | only_for(Command::rollback) | only_for(Command::displaced);
    const bool writes = (only_for(parsed.command->id) & moving) != 0 && !parsed.options.dry_run;
    return refused(parsed.command->name, parsed.options, writes ? ExitCode::midway : ExitCode::blocked, "run.internal",
                   text_error("internal error", exception.what(), ""));
}

Answer answer_of_command(const Parsed& parsed, const Call& call)
{
    if (parsed.problem)
        return refused(command_name(parsed), parsed.options, ExitCode::usage, "run.usage", *parsed.problem);
    for (const std::string& notice : parsed.notices) log_warn(notice);
    try {
        return parsed.command->run(call);
    } catch (const std::exception& exception) {
        return broken_promise(parsed, exception);
    }
}

// Everything is a record then, but what is a file's content.
bool is_told_by_lines(const Parsed& parsed)
{
    const CommandSet files = only_for(Command::man) | only_for(Command::completion) | only_for(Command::layout) |
                             only_for(Command::sni) | only_for(Command::help) | only_for(Command::version);
    return parsed.options.log_format == LogFormat::json && parsed.options.output == Output::text &&
           parsed.command != nullptr && (only_for(parsed.command->id) & files) == 0;
}

Answer answer_to(const Parsed& parsed, const Call& call)
{
    if (parsed.help) return {0, help_text(parsed.command)};
    if (parsed.version) return run_version(call);
    Answer answer = answer_of_command(parsed, call);
    if (is_told_by_lines(parsed) && answer.measured == Measured::no) answer.output = records_of_lines(answer.output);
    if (answer.exit_code != 0 && answer.measured == Measured::no)
        write_metrics_of_refusal(command_name(parsed), call, answer);
    return answer;
}

// A reader that has gone away (head, a closed pager) is not a failure. A full disk is one if the command only prints;
// it never changes what apply reports of its work.
int delivered(const Answer& answer, const Parsed& parsed, int output)
{
    const Result<> written = write_all(output, answer.output);
    if (written || written.error().number == EPIPE) return answer.exit_code;
    log_error(with_hint(written.error()));
    const CommandSet working = only_for(Command::apply) | only_for(Command::rollback) | only_for(Command::seal);
    const bool works = parsed.command != nullptr && (only_for(parsed.command->id) & working) != 0;
    return works || answer.exit_code != 0 ? answer.exit_code : number_of(ExitCode::blocked);
}

// What becomes of `apply -- CMD`; said while there still is a log.
Ending ending_of(const Parsed& parsed, int exit_code)
{
    const Options& options = parsed.options;
    if (options.program.empty() || parsed.help || parsed.version || parsed.problem) return {exit_code, {}, {}};
    const std::string program = printable(options.program.front());
    if (!may_start(exit_code, options)) {
        log_error(program + " is not started, because apply ended with " + std::to_string(exit_code));
        return {exit_code, {}, {}};
    }
    if (exit_code != 0)
        log_warn(program + " is started although apply ended with " + std::to_string(exit_code) + " (--keep-going)");
    return {exit_code, options.program, options.log_format};
}

}  // namespace

Ending run_program(const std::vector<std::string>& arguments, const Variables& environment, const Stop& stop,
                   int output)
{
    const Parsed parsed = parse_options(arguments, environment);
    if (leaves_stdout_alone(parsed.options)) output = STDERR_FILENO;
    const TextWidth width(output_width(output));
    Terminal terminal(STDERR_FILENO, screen_of(environment));
    start_log(parsed.options, paint_for(parsed.options.color, environment, STDERR_FILENO), terminal);
    const Call call{parsed.options, environment, stop, terminal};
    Ending end = ending_of(parsed, delivered(answer_to(parsed, call), parsed, output));
    stop_log();  // the sink writes to the terminal, which goes now
    return end;
}

}  // namespace mailstate
