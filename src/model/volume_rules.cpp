// SPDX-License-Identifier: MIT
// The rows of the decision table that hold for the whole volume.
#include <algorithm>

#include "mailstate/text.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

bool is_linked_home(const Survey& survey, const PlanEntry& planned)
{
    const auto found = survey.entries.find(planned.name);
    return found != survey.entries.end() && found->second.origin == OriginState::link_home;
}

bool is_dangling(const Survey& survey, const PlanEntry& planned)
{
    return is_linked_home(survey, planned) && survey.entries.at(planned.name).destination == DestinationState::absent;
}

void block(Plan& plan, std::string code, std::string subject, std::string message, std::string hint)
{
    plan.blocked = true;
    plan.findings.push_back(
        {Severity::error, std::move(code), std::move(subject), std::move(message), std::move(hint)});
    for (PlanEntry& entry : plan.entries) {
        if (entry.decision == Decision::disabled) continue;
        entry.decision = Decision::leave_alone;
        entry.code = plan.findings.back().code;
        entry.reason = plan.findings.back().message;
        entry.ownership = entry.remove_nested_link = entry.clear_leftover = false;
    }
}

void leave_all(Plan& plan, const std::string& code, const std::string& reason)
{
    for (PlanEntry& entry : plan.entries) {
        entry.clear_leftover = entry.remove_nested_link = false;
        if (entry.decision == Decision::disabled || entry.decision == Decision::in_place) continue;
        if (entry.decision == Decision::leave_alone) continue;
        entry.decision = Decision::leave_alone;
        entry.code = code;
        entry.reason = reason;
        entry.ownership = false;
    }
    // What was announced of a decision that is not taken would mislead.
    std::erase_if(plan.findings, [](const Finding& finding) {
        return finding.code == "origin-missing" || finding.code == "entry.nested-link";
    });
}

void rule_absent(const Survey& survey, const Layout& layout, Plan& plan)
{
    plan.nothing_to_do = true;
    const auto orphan = std::find_if(plan.entries.begin(), plan.entries.end(),
                                     [&](const PlanEntry& entry) { return is_linked_home(survey, entry); });
    std::erase_if(plan.findings, [](const Finding& finding) { return finding.severity != Severity::error; });
    if (orphan != plan.entries.end()) {
        plan.nothing_to_do = false;
        return block(plan, "volume-missing", layout.state_dir,
                     "the state directory does not exist, but " + orphan->origin + " is a link into it",
                     "Mount the volume with the state at " + layout.state_dir + " and start again.");
    }
    leave_all(plan, "volume.absent", "there is no state directory");
    for (PlanEntry& entry : plan.entries) entry.ownership = false;
    plan.findings.push_back({Severity::note, "volume.absent", layout.state_dir, "there is no state directory",
                             "Mount a volume at " + layout.state_dir + " to keep the state of the services."});
}

void rule_not_mounted(const Survey& survey, const Layout& layout, Plan& plan)
{
    const auto orphan = std::find_if(plan.entries.begin(), plan.entries.end(),
                                     [&](const PlanEntry& entry) { return is_dangling(survey, entry); });
    if (orphan != plan.entries.end())
        return block(plan, "volume-missing", layout.state_dir,
                     "nothing is mounted at the state directory, and " + orphan->origin + " is a link to " +
                         orphan->destination + ", which is not there",
                     "Mount the volume with the state at " + layout.state_dir + " and start again.");
    leave_all(plan, "volume.not-mounted", "the state directory is not a mount");
    for (PlanEntry& entry : plan.entries) entry.ownership = false;
    plan.findings.push_back(
        {Severity::warning, "volume.not-mounted", layout.state_dir,
         "the state directory exists, but nothing is mounted there: it would be lost with the container",
         "Mount a volume at " + layout.state_dir +
             ". Where the directory itself is persistent (bare metal, LXC), use --allow-unmounted."});
}

}  // namespace

void apply_volume_rules(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan)
{
    const VolumeSurvey& volume = survey.volume;
    if (volume.state == VolumeState::absent) return rule_absent(survey, layout, plan);
    if (volume.state == VolumeState::not_a_directory)
        return block(plan, "volume.not-a-directory", layout.state_dir, "the state directory is not a directory",
                     "Move " + layout.state_dir + " away and mount a volume there.");
    if (survey.ledger_newer)
        return block(plan, "ledger.newer", layout.state_dir + "/.mailstate/ledger.json",
                     survey.ledger_problem ? survey.ledger_problem->message : "the ledger is of a newer version",
                     "Use the newer mailstate that wrote it; this one leaves the volume untouched.");
    if (!volume.workspace_problem.empty())
        return block(plan, "volume.workspace", layout.state_dir + "/.mailstate", volume.workspace_problem,
                     "Move it away; mailstate makes a new one.");
    if (volume.filesystem.read_only) {
        leave_all(plan, "volume.read-only", "the state directory is read-only");
        for (PlanEntry& entry : plan.entries) entry.ownership = false;
        plan.findings.push_back({Severity::error, "volume.read-only", layout.state_dir,
                                 "the state directory is read-only", "Mount the volume read-write."});
        return;
    }
    if (!volume.mounted && !options.allow_unmounted) rule_not_mounted(survey, layout, plan);
}

void reserve_space(const Survey& survey, Plan& plan)
{
    std::vector<PlanEntry*> copies;
    for (PlanEntry& entry : plan.entries) {
        const bool copied = entry.decision == Decision::move || entry.decision == Decision::prepare ||
                            entry.decision == Decision::adopt || entry.decision == Decision::refresh;
        if (copied && !survey.entries.at(entry.name).destination_mount) copies.push_back(&entry);
    }
    std::stable_sort(copies.begin(), copies.end(), [](auto* a, auto* b) { return a->bytes < b->bytes; });

    const FilesystemFacts& volume = survey.volume.filesystem;
    std::uint64_t bytes_left = volume.free_bytes > space_headroom ? volume.free_bytes - space_headroom : 0;
    std::uint64_t inodes_left = volume.free_inodes;
    for (PlanEntry* entry : copies) {
        const auto& size = survey.entries.at(entry->name).size;
        const std::uint64_t inodes = entry->files + (size ? size->directories : 0);
        if (entry->bytes <= bytes_left && inodes <= inodes_left) {
            bytes_left -= entry->bytes;
            inodes_left -= inodes;
            continue;
        }
        entry->decision = Decision::leave_alone;
        entry->ownership = false;
        entry->code = "volume.no-space";
        entry->reason = "it needs " + human_bytes(entry->bytes) + " and " + human_count(inodes, "inode", "inodes") +
                        ", the volume has " + human_bytes(bytes_left) + " and " +
                        human_count(inodes_left, "inode", "inodes") + " to spare (" + human_bytes(space_headroom) +
                        " are kept free)";
        plan.findings.push_back({Severity::error, "volume.no-space", entry->name, entry->reason,
                                 "Make room on the volume or use a larger one, then start again."});
    }
}

}  // namespace mailstate
