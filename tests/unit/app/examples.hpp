// SPDX-License-Identifier: MIT
// Plans, reports and surveys made by hand, for the tests of what is printed.
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

inline PlanEntry make_entry(std::string name, Decision decision, std::string reason = "because")
{
    PlanEntry entry;
    entry.origin = "/var/lib/" + name;
    entry.destination = "/var/mail-state/lib-" + name;
    entry.name = std::move(name);
    entry.decision = decision;
    entry.reason = std::move(reason);
    return entry;
}

inline PlanEntry make_move(std::string name, std::uint64_t files, std::uint64_t bytes)
{
    PlanEntry entry =
        make_entry(std::move(name), Decision::move, "the origin is a directory and the destination is absent");
    entry.amount = {files, bytes};
    return entry;
}

inline Finding mounted_finding()
{
    return {Severity::warning, "origin.mounted", "rspamd", "ext4 /dev/sda1 is mounted at /var/lib/rspamd",
            "Remove the line '- ./rspamd:/var/lib/rspamd' from the compose file."};
}

// One to move, one in place, one left alone for a mount, one disabled.
inline Plan make_example_plan()
{
    Plan plan;
    plan.tool_version = "0.1.0";
    plan.layout_name = "docker-mailserver";
    plan.layout_version = 1;
    plan.state_dir = "/var/mail-state";
    plan.entries = {make_move("redis", 412, 1'363'148), make_entry("postfix", Decision::in_place),
                    make_entry("rspamd", Decision::leave_alone, mounted_finding().message),
                    make_entry("clamav", Decision::disabled, "ENABLE_CLAMAV is 0")};
    plan.findings = {mounted_finding()};
    return plan;
}

inline FilesystemFacts make_ext4()
{
    FilesystemFacts facts;
    facts.type = "ext4";
    facts.source = "/dev/sdb1";
    facts.free_bytes = 3ULL << 30U;
    facts.free_inodes = 1'000;
    return facts;
}

inline Report make_report(const Plan& plan, Outcome outcome, std::vector<std::string> changes)
{
    Report report;
    report.plan = plan;
    for (const PlanEntry& planned : plan.entries) {
        EntryReport entry;
        entry.name = planned.name;
        entry.decision = planned.decision;
        entry.reason = planned.reason;
        entry.outcome = outcome_at_first(planned.decision);
        entry.copied = planned.amount;
        report.entries.push_back(std::move(entry));
    }
    report.findings = plan.findings;
    report.changes = std::move(changes);
    report.outcome = outcome;
    report.elapsed = std::chrono::milliseconds(1'234);
    return report;
}

}  // namespace mailstate
