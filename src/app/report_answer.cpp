// SPDX-License-Identifier: MIT
#include "app/report_answer.hpp"

#include "app/plan_text.hpp"
#include "app/run_answer.hpp"
#include "app/run_json.hpp"

namespace mailstate {

namespace {

int exit_code_of(const Session& session, const Report& report)
{
    return exit_code_of(report.outcome, worst(report.findings), strictness(session.options()),
                        session.call.stop.signal.load());
}

}  // namespace

Answer rendered(const Session& session, Report report)
{
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    return told(
        session,
        {report.findings, [&] { return exit_code_of(session, report); }, [&] { return view_of(report, volume); },
         [&](const RunView& view, int exit_code) { return report_json(session.command, report, view, exit_code); },
         [&](const RunView& view, Paint paint) { return report_text(session.command, report, view, paint); }});
}

}  // namespace mailstate
