// SPDX-License-Identifier: MIT
#include "app/findings_text.hpp"
#include "app/outcome_text.hpp"
#include "app/paragraph.hpp"
#include "app/plan_text.hpp"
#include "app/run_text.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

std::string owners_text(const RunView& view)
{
    std::uint64_t owners = 0;
    for (const EntryLine& entry : view.entries) owners += entry.owners;
    if (owners == 0) return {};
    return ", owner or mode of " + human_count(owners, "file", "files") + " put right";
}

std::string conclusion(std::string_view command, const Report& report, const RunView& view)
{
    const std::string again = "mailstate " + std::string(command) + " again";
    std::string summary = summary_text(view.entries, Tense::done) + owners_text(view);
    switch (report.outcome) {
        case Outcome::done:
            if (report.plan.nothing_to_do) return no_volume_text(report.plan.state_dir);
            if (report.changes.empty()) return summary + "; nothing to do";
            return summary + "; in " + seconds_text(std::chrono::duration<double>(report.elapsed).count());
        case Outcome::blocked:
            return blocked_text;
        case Outcome::midway:
            return "stopped midway; nothing is lost, and the next run finishes. Correct what the errors above say, "
                   "then run " +
                   again;
        case Outcome::locked:
            return locked_text;
        case Outcome::interrupted:
            return "interrupted; nothing is lost, and the next run finishes. Run " + again;
    }
    return summary;
}

}  // namespace

std::string report_text(std::string_view command, const Report& report, const RunView& view, Paint paint)
{
    const std::string last = wrapped(std::string(command) + ": " + conclusion(command, report, view), 2);
    if (report.outcome != Outcome::done || !report.changes.empty())
        return page_text(view, Tense::done, paint) + "\n" + last;
    std::vector<Finding> serious = view.findings;
    std::erase_if(serious, [](const Finding& finding) { return finding.severity == Severity::note; });
    return findings_text(serious, paint) + last;
}

}  // namespace mailstate
