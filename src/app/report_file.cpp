// SPDX-License-Identifier: MIT
#include "app/report_file.hpp"

#include "app/files.hpp"
#include "app/log.hpp"
#include "app/report_html.hpp"
#include "app/run_json.hpp"
#include "engine/log.hpp"
#include "engine/workspace.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

std::string rendered(const std::string& file, const Json& report)
{
    return file.ends_with(".html") ? report_html(report) : pretty(report);
}

std::optional<Finding> write(const std::string& file, const Json& report)
{
    return write_beside("report.not-written", file, rendered(file, report), Mode{0600});
}

}  // namespace

Json report_of(const Session& session, Json answer)
{
    const std::optional<FilesystemFacts> volume = volume_facts(session);
    answer["time"] = utc_now();
    answer["volume"] = filesystem_json(volume);
    if (answer.contains("capabilities")) return answer;  // a rehearsal has tested them itself
    const Capabilities recorded = recorded_capabilities(*session.reader, session.layout.state_dir);
    answer["capabilities"] = volume ? tested_json(recorded, *volume) : Json(nullptr);
    return answer;
}

std::optional<Finding> write_report(const Session& session, const Json& answer)
{
    const std::string& file = session.options().report;
    return file.empty() ? std::nullopt : write(file, report_of(session, answer));
}

void write_report_of_refusal(const Options& options, const Json& answer)
{
    if (options.report.empty()) return;
    Json report = answer;
    report["time"] = utc_now();
    const std::optional<Finding> problem = write(options.report, report);
    if (problem) log_warn(problem->subject + ": " + problem->message + ". " + problem->hint);
}

}  // namespace mailstate
