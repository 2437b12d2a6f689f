// SPDX-License-Identifier: MIT
#include "app/run_answer.hpp"

#include <unistd.h>

#include "app/metrics_file.hpp"
#include "app/pipeline_text.hpp"
#include "app/report_file.hpp"

namespace mailstate {

namespace {

std::optional<Finding> write_report_of(const Session& session, const Telling& telling)
{
    if (session.options().report.empty()) return std::nullopt;
    return write_report(session, telling.json(telling.view(), telling.exit_code()));
}

std::optional<Finding> write_metrics_of(const Session& session, const Telling& telling)
{
    return write_metrics(session.command, session.call, telling.view(), telling.exit_code());
}

void write_files(const Session& session, const Telling& telling)
{
    const std::optional<Finding> no_report = write_report_of(session, telling);
    if (no_report) telling.findings.push_back(*no_report);
    const std::optional<Finding> no_metrics = write_metrics_of(session, telling);
    if (!no_metrics) return;
    telling.findings.push_back(*no_metrics);
    if (!no_report) (void)write_report_of(session, telling);  // it was written a moment ago: now with this, too
}

}  // namespace

Answer told(const Session& session, const Telling& telling)
{
    const Options& options = session.options();
    write_files(session, telling);
    const RunView view = telling.view();
    const int exit_code = telling.exit_code();
    if (options.output == Output::json) return {exit_code, one_line(telling.json(view, exit_code)), Measured::yes};
    if (is_for_pipelines(options.output))
        return {exit_code, pipeline_text(options.output, telling.json(view, exit_code)), Measured::yes};
    const Paint paint = paint_for(options.color, session.call.environment, STDOUT_FILENO);
    return {exit_code, telling.text(view, paint), Measured::yes};
}

}  // namespace mailstate
