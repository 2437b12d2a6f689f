// SPDX-License-Identifier: MIT
#include "app/report_answer.hpp"

#include <unistd.h>

#include "app/metrics_file.hpp"
#include "app/plan_text.hpp"
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
    const Options& options = session.options();
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    int exit_code = exit_code_of(session, report);
    if (const auto unwritten = write_metrics(session.command, session.call, view_of(report, volume), exit_code)) {
        report.findings.push_back(*unwritten);
        exit_code = exit_code_of(session, report);
    }
    const RunView view = view_of(report, volume);
    if (options.output == Output::json)
        return {exit_code, one_line(report_json(session.command, report, view, exit_code)), Measured::yes};
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, report_text(session.command, report, view, paint), Measured::yes};
}

}  // namespace mailstate
