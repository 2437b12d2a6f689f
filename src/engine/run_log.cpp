// SPDX-License-Identifier: MIT
#include "engine/run_log.hpp"

#include "engine/run_report.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

RunLog::RunLog(const World& world, std::function<void(const std::string& line)> said)
    : world_(world), said_(std::move(said)), started_(utc_now())
{
}

void RunLog::changed(std::string sentence)
{
    if (said_) said_(sentence);
    report.changes.push_back(std::move(sentence));
}

void RunLog::changed_besides(std::string sentence)
{
    report.besides.push_back(sentence);
    changed(std::move(sentence));
}

void RunLog::found(Finding finding)
{
    report.findings.push_back(std::move(finding));
}

void RunLog::take_plan(Plan plan)
{
    report.plan = std::move(plan);
    report.findings = report.plan.findings;
    report.entries.clear();
    for (const PlanEntry& planned : report.plan.entries) report.entries.push_back(report_at_first(planned));
    if (report.plan.blocked) report.outcome = Outcome::blocked;
}

void RunLog::stop_with(const Error& error)
{
    stopped = true;
    stop_run(report, world_.stop, error, report.changes.empty() && !midway && !touched);
}

Result<> RunLog::record(Workspace& workspace, std::string version, std::string command, int exit_code) const
{
    return record_run(workspace, {started_, "", "", std::move(version), std::move(command), exit_code, report.changes});
}

Report RunLog::take()
{
    if (midway && report.outcome == Outcome::done) report.outcome = Outcome::midway;
    report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_);
    return std::move(report);
}

}  // namespace mailstate
