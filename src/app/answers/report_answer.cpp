// SPDX-License-Identifier: MIT
#include "app/answers/report_answer.hpp"

#include "app/answers/next_step.hpp"
#include "app/answers/run_answer.hpp"
#include "app/output/plan_text.hpp"
#include "app/output/run_json.hpp"

namespace mailstate {

namespace {

int exit_code_of(const Session& session, const Report& report)
{
    return exit_code_of(report.outcome, worst(report.findings), strictness(session.options()),
                        session.call.stop.signal.load());
}

std::string next_command(const Session& session, const Report& report)
{
    const Options& options = session.options();
    if (report.outcome == Outcome::blocked) return command_line("plan", options);
    if (report.outcome != Outcome::done) return command_line(session.command, options);
    if (report.plan.nothing_to_do) return {};
    if (session.command == "rollback")
        return "start the older version; to go back to the volume: " + command_line("apply", options);
    return command_line("verify", options);
}

}  // namespace

Answer rendered(const Session& session, Report report)
{
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    return told(
        session,
        {report.findings, [&] { return exit_code_of(session, report); }, [&] { return view_of(report, volume); },
         [&](const RunView& view, int exit_code) { return report_json(session.command, report, view, exit_code); },
         [&](const RunView& view, Paint paint) {
             return report_text(report, view, session.options().verbose ? Entries::all : Entries::none, paint);
         },
         [&](const RunView& view) {
             return report_summary(session.command, report, view) +
                    next_line(next_command(session, report), session.options());
         }});
}

}  // namespace mailstate
