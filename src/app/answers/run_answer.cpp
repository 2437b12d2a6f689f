// SPDX-License-Identifier: MIT
#include "app/answers/run_answer.hpp"

#include <algorithm>

#include "app/files/metrics_file.hpp"
#include "app/files/report_file.hpp"
#include "app/log/records.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/pipeline_text.hpp"
#include "mailstate/base/text.hpp"

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

std::string with_timestamps(std::string_view text)
{
    const std::string time = utc_now() + " ";
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        result.append(time).append(text.substr(at, end - at));
        at = end;
    }
    return result;
}

std::string first_line(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

// What comes next is a command, which is never broken, so that it can be copied.
std::string summary_text(const std::string& summary)
{
    const std::string first = first_line(summary);
    return wrapped(first, 2) + (first.size() < summary.size() ? summary.substr(first.size() + 1) + "\n" : "");
}

std::string text_of(const Session& session, const Telling& telling, const RunView& view)
{
    const Options& options = session.options();
    const Paint paint = paint_for(options.color, session.call.environment, output_descriptor(options));
    std::string text = options.quiet ? findings_text(view.findings, paint) : telling.text(view, paint);
    if (!options.quiet) text += summary_text(telling.summary(view));
    return options.timestamps ? with_timestamps(text) : text;
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
    Answer answer{exit_code, text_of(session, telling, view), Measured::yes};
    if (options.log_format == LogFormat::json)
        answer.output = records_of(telling.json(view, exit_code), first_line(telling.summary(view)), options);
    return answer;
}

}  // namespace mailstate
