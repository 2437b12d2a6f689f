// SPDX-License-Identifier: MIT
// What a rehearsal says: findings, and what the real run would leave undone.
#include <algorithm>

#include "engine/rehearser.hpp"
#include "engine/run_report.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

void Rehearser::take_entries(const Report& report)
{
    for (const PlanEntry& planned : report.plan.entries)
        if (planned.ownership) owned_.insert(planned.name);
    for (const EntryReport& done : report.entries) {
        const auto at = std::ranges::find_if(
            out_.entries, [&](const RehearsedEntry& entry) { return entry.planned.name == done.name; });
        if (at == out_.entries.end()) continue;
        at->rehearsed = done;
        if (done.decision == at->planned.decision && done.outcome != EntryOutcome::failed) continue;
        found(make_finding(
            "rehearsal.differs", done.name,
            "the plan says " + std::string(name_of(at->planned.decision)) + ", the rehearsal ended with " +
                std::string(done.outcome == EntryOutcome::failed ? name_of(done.outcome) : name_of(done.decision)) +
                ": " + done.reason));
    }
}

static bool is_left(const EntryReport& rehearsed)
{
    return rehearsed.decision == Decision::leave_alone || rehearsed.outcome == EntryOutcome::failed;
}

bool Rehearser::is_left_alone(const std::string& name) const
{
    return std::ranges::any_of(out_.entries, [&](const RehearsedEntry& entry) {
        return entry.planned.name == name && entry.rehearsed && is_left(*entry.rehearsed);
    });
}

Result<> Rehearser::not_interrupted(const Report& report) const
{
    if (report.outcome == Outcome::interrupted) return fail(stopped_error(""));
    return {};
}

void Rehearser::found(Finding finding)
{
    out_.findings.push_back(std::move(finding));
}

bool Rehearser::is_known(const Finding& finding) const
{
    return std::ranges::any_of(out_.findings, [&](const Finding& known) {
        return known.code == finding.code && known.subject == finding.subject;
    });
}

void Rehearser::take_findings(const std::vector<Finding>& findings)
{
    for (const Finding& finding : findings)
        if (!is_known(finding)) found(finding);
}

void Rehearser::refuse(Finding finding)
{
    out_.outcome = Outcome::blocked;
    found(std::move(finding));
}

void Rehearser::stop_with(const Error& error)
{
    Report report;
    stop_run(report, real_.stop, error, true);
    out_.outcome = report.outcome;
    for (Finding& finding : report.findings) found(std::move(finding));
}

// A note says that nothing has to be done (a file that its service has not written yet).
bool Rehearser::is_undone(const RehearsedEntry& entry) const
{
    if (entry.planned.decision == Decision::prepare && !options_.apply.plan.no_link) return true;  // no link
    if (entry.uncloned) return true;
    if (entry.rehearsed) return is_left(*entry.rehearsed);
    if (entry.planned.decision != Decision::leave_alone) return false;
    const auto is_reason = [&](const Finding& finding) { return finding.code == entry.planned.code; };
    const auto reason = std::ranges::find_if(out_.findings, is_reason);
    return reason == out_.findings.end() || reason->severity != Severity::note;
}

// Somewhere else, or as somebody who may do less than the real run, says nothing of the volume.
std::string Rehearser::why_untested() const
{
    if (!options_.scratch.empty()) return "the clone was elsewhere (--scratch)";
    if (!keeps_owners()) return "this process may not give files away";
    return "nothing was rehearsed on the volume";
}

void Rehearser::judge()
{
    if (out_.plan.nothing_to_do) return;
    if (is_empty(out_.capabilities)) out_.untested = why_untested();
    for (RehearsedEntry& entry : out_.entries) entry.undone = is_undone(entry);
    if (out_.sample && std::ranges::any_of(out_.entries, &RehearsedEntry::sampled))
        out_.not_rehearsed.push_back("files beyond a sample of some " + std::to_string(*out_.sample) +
                                     " of an entry: times are extrapolated");
}

}  // namespace mailstate
