// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/output/findings_text.hpp"
#include "app/output/outcome_text.hpp"
#include "app/output/plan_text.hpp"
#include "app/output/run_text.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string owners_text(const RunView& view)
{
    std::uint64_t owners = 0;
    for (const EntryLine& entry : view.entries) owners += entry.owners;
    if (owners == 0) return {};
    return ", owner or mode of " + human_count(owners, "file", "files") + " corrected";
}

// There was something to do where an entry failed, and what came of it its finding says.
std::string unchanged_text(const RunView& view)
{
    const auto has_failed = [](const EntryLine& entry) { return entry.outcome == EntryOutcome::failed; };
    return std::ranges::any_of(view.entries, has_failed) ? "" : "; nothing to do";
}

std::string conclusion(const Report& report, const RunView& view)
{
    std::string summary = outcome_text(view.entries) + owners_text(view);
    switch (report.outcome) {
        case Outcome::done:
            if (report.plan.nothing_to_do) return no_volume_text(report.plan.state_dir);
            return summary + (report.changes.empty() ? unchanged_text(view) : "");
        case Outcome::blocked:
            return blocked_text;
        case Outcome::midway:
            return "stopped midway: " + summary + ". Nothing is lost, and the next run completes it";
        case Outcome::locked:
            return locked_text;
        case Outcome::interrupted:
            return "interrupted: " + summary + ". Nothing is lost, and the next run completes it";
    }
    return summary;
}

}  // namespace

std::string report_summary(std::string_view command, const Report& report, const RunView& view)
{
    std::string text = std::string(command) + ": " + conclusion(report, view);
    const std::string count = count_of(view.findings);
    if (!count.empty()) text += "; " + count;
    if (!report.changes.empty()) text += "; in " + seconds_text(std::chrono::duration<double>(report.elapsed).count());
    return text;
}

std::string report_text(const Report& report, const RunView& view, Entries entries, Paint paint)
{
    if (entries == Entries::all) return page_text(view, Tense::done, paint) + "\n";
    std::vector<Finding> told = view.findings;
    if (report.outcome == Outcome::done && report.changes.empty())
        std::erase_if(told, [](const Finding& finding) { return finding.severity == Severity::note; });
    return findings_text(told, paint);
}

}  // namespace mailstate
