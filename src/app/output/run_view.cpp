// SPDX-License-Identifier: MIT
#include "app/output/run_view.hpp"

#include <algorithm>

namespace mailstate {

namespace {

RunView frame_of(const Plan& plan, std::optional<FilesystemFacts> volume)
{
    RunView view;
    view.layout_name = plan.layout_name;
    view.layout_version = plan.layout_version;
    view.state_dir = plan.state_dir;
    view.volume = std::move(volume);
    return view;
}

EntryLine line_of(const EntryReport& done, const Plan& plan)
{
    EntryLine line;
    line.name = done.name;
    const auto planned = std::ranges::find(plan.entries, done.name, &PlanEntry::name);
    if (planned != plan.entries.end()) {
        line.origin = planned->origin;
        line.destination = planned->destination;
    }
    line.decision = done.decision;
    line.outcome = done.outcome;
    line.reason = done.reason;
    line.amount = done.copied;
    line.owners = done.owners_changed;
    line.displaced = done.displaced;
    line.displaced_to = done.displaced_to;
    return line;
}

}  // namespace

std::vector<Finding> by_severity(std::vector<Finding> findings)
{
    std::ranges::stable_sort(findings, std::greater<>(), &Finding::severity);
    return findings;
}

RunView view_of(const Plan& plan, std::optional<FilesystemFacts> volume)
{
    RunView view = frame_of(plan, std::move(volume));
    for (const PlanEntry& planned : plan.entries) {
        EntryLine line;
        line.name = planned.name;
        line.origin = planned.origin;
        line.destination = planned.destination;
        line.decision = planned.decision;
        line.reason = planned.reason;
        line.amount = planned.amount;
        line.owners = planned.owners_differ;
        line.stale = planned.stale;
        line.set_aside = planned.set_aside;
        view.entries.push_back(std::move(line));
    }
    view.findings = by_severity(plan.findings);
    return view;
}

RunView view_of(const Report& report, std::optional<FilesystemFacts> volume)
{
    RunView view = frame_of(report.plan, std::move(volume));
    for (const EntryReport& done : report.entries) view.entries.push_back(line_of(done, report.plan));
    view.besides = report.besides;
    view.findings = by_severity(report.findings);
    return view;
}

}  // namespace mailstate
