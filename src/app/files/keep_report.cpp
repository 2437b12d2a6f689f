// SPDX-License-Identifier: MIT
#include "app/files/keep_report.hpp"

#include "app/files/files.hpp"
#include "app/output/host_name.hpp"
#include "app/page/report_html.hpp"
#include "engine/logger.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

std::optional<Finding> keep_report(const std::string& file, const Json& report)
{
    return write_beside("report.not-written", file, file.ends_with(".html") ? report_html(report) : pretty(report),
                        Mode{0600});
}

void add_time_and_host(Json& report)
{
    report["time"] = utc_now();
    report["host"] = printable(host_name());
}

void write_report_of_refusal(const Options& options, const Json& answer)
{
    if (options.report.empty()) return;
    Json report = answer;
    add_time_and_host(report);
    const std::optional<Finding> problem = keep_report(options.report, report);
    if (problem) log_warn(problem->subject + ": " + problem->message + ". " + problem->hint);
}

}  // namespace mailstate
