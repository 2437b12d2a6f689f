// SPDX-License-Identifier: MIT
#include "app/cli/exit_code.hpp"

#include <array>

namespace mailstate {

namespace {

constexpr CommandSet changing = only_for(Command::apply) | only_for(Command::rollback) | only_for(Command::displaced);
constexpr CommandSet locking = changing | only_for(Command::plan) | only_for(Command::verify) |
                               only_for(Command::check) | only_for(Command::probe) | only_for(Command::rehearse);

constexpr std::array<ExitCodeDesc, 11> exit_code_rows{{
    {"0", "success; anything left alone is reported"},
    {"2", "there are changes to make (plan, --dry-run; with --detailed-exitcode)",
     only_for(Command::plan) | only_for(Command::apply) | only_for(Command::rollback)},
    {"3", "problems found (verify, check, rehearse; others with --strict)", on_a_system},
    {"4", "blocked: nothing was changed"},
    {"5", "stopped midway: nothing is lost, run it again", changing},
    {"64", "wrong command line or MAILSTATE_… variable"},
    {"65", "bad layout, settings or plan file", every_command & ~telling},
    {"75", "another run holds the lock: try again later", locking},
    {"126", "CMD could not be executed", only_for(Command::apply)},
    {"127", "CMD was not found", only_for(Command::apply)},
    {"128+n", "ended by signal n; run it again", every_command & ~telling},
}};

}  // namespace

std::span<const ExitCodeDesc> exit_code_table()
{
    return exit_code_rows;
}

int number_of(ExitCode code)
{
    return static_cast<int>(code);
}

int signal_exit_code(int signal)
{
    return 128 + signal;
}

int unless_stopped(const Stop& stop, ExitCode code)
{
    return stop.requested() ? signal_exit_code(stop.signal.load()) : number_of(code);
}

ExitCode exit_code_of(Severity worst, Strict strict)
{
    const Severity limit = strict == Strict::yes ? Severity::warning : Severity::error;
    return worst >= limit ? ExitCode::problems_found : ExitCode::done;
}

int exit_code_of(Outcome outcome, Severity worst, Strict strict, int signal)
{
    switch (outcome) {
        case Outcome::done:
            if (strict == Strict::yes) return number_of(exit_code_of(worst, strict));
            return number_of(ExitCode::done);
        case Outcome::blocked:
            return number_of(ExitCode::blocked);
        case Outcome::midway:
            return number_of(ExitCode::midway);
        case Outcome::locked:
            return number_of(ExitCode::locked);
        case Outcome::interrupted:
            return signal_exit_code(signal);
    }
    return number_of(ExitCode::midway);
}

std::string_view name_of(Outcome outcome)
{
    switch (outcome) {
        case Outcome::done:
            return "done";
        case Outcome::blocked:
            return "blocked";
        case Outcome::midway:
            return "midway";
        case Outcome::locked:
            return "locked";
        case Outcome::interrupted:
            return "interrupted";
    }
    return "midway";
}

}  // namespace mailstate
