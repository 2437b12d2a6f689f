// SPDX-License-Identifier: MIT
// The rows of the decision table that hold for the whole volume.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

bool is_linked_home(const Survey& survey, const PlanEntry& planned)
{
    const auto found = survey.entries.find(planned.name);
    return found != survey.entries.end() && found->second.origin == OriginState::link_home;
}

bool is_origin_absent(const Survey& survey, const PlanEntry& planned)
{
    const auto found = survey.entries.find(planned.name);
    return found != survey.entries.end() && found->second.origin == OriginState::absent;
}

// "14 origins are links into it (/var/spool/postfix, /var/lib/redis, …)": the volume is missing, whatever the entry.
std::string links_into_it(const Survey& survey, const Plan& plan)
{
    constexpr std::size_t few = 3;
    std::string names;
    std::size_t count = 0;
    for (const PlanEntry& planned : plan.entries) {
        if (!is_linked_home(survey, planned)) continue;
        if (++count <= few) names += (count == 1 ? "" : ", ") + printable(planned.origin);
    }
    return human_count(count, "origin is a link", "origins are links") + " into it (" + names +
           (count > few ? ", …)" : ")");
}

bool is_dangling(const Survey& survey, const PlanEntry& planned)
{
    return is_linked_home(survey, planned) && survey.entries.at(planned.name).destination == DestinationState::absent;
}

}  // namespace

void block(Plan& plan, Finding why)
{
    plan.blocked = true;
    plan.findings.push_back(std::move(why));
    for (PlanEntry& entry : plan.entries) {
        if (entry.decision == Decision::disabled) continue;
        entry.decision = Decision::leave_alone;
        entry.code = plan.findings.back().code;
        entry.reason = plan.findings.back().message;
        entry.ownership = entry.remove_nested_link = entry.clear_leftover = false;
    }
}

namespace {

void leave_all(Plan& plan, FindingCode code, const std::string& reason)
{
    for (PlanEntry& entry : plan.entries) {
        entry.clear_leftover = entry.remove_nested_link = false;
        if (!changes_something(entry.decision)) continue;
        entry.decision = Decision::leave_alone;
        entry.code = code.text();
        entry.reason = reason;
        entry.ownership = false;
    }
    // What was announced of a decision that is not taken would mislead.
    std::erase_if(plan.findings, [](const Finding& finding) {
        return finding.code == "origin.missing" || finding.code == "entry.nested-link";
    });
}

// What is owned in place, at an origin that is a mount, is not of this volume.
void own_no_destination(Plan& plan)
{
    for (PlanEntry& entry : plan.entries) entry.ownership = entry.ownership && entry.decision == Decision::leave_alone;
}

bool is_known(const Entry& entry, const Identities& identities)
{
    return std::ranges::all_of(entry.ownership, [&](const OwnershipRule& rule) {
        return (rule.owner.empty() || find_user(identities, rule.owner)) &&
               (rule.group.empty() || find_group(identities, rule.group));
    });
}

// Where each service has a container, with volumes of its own: what is not there, or belongs to users of another image,
// is another container's.
bool is_of_another_container(const Survey& survey, const Entry& entry)
{
    const auto found = survey.entries.find(entry.name);
    if (!entry.in_place || found == survey.entries.end()) return false;
    const OriginState origin = found->second.origin;
    return origin == OriginState::absent || origin == OriginState::parent_missing ||
           !is_known(entry, survey.identities);
}

// They are left out of the plan, unless it would be empty then, or they were asked for.
void leave_out_others(const Survey& survey, const Layout& layout, Plan& plan)
{
    if (!plan.options.only.empty()) return;
    std::vector<std::string> others;
    for (const PlanEntry& entry : plan.entries)
        if (is_of_another_container(survey, entry_named(layout, entry.name))) others.push_back(entry.name);
    if (others.size() == plan.entries.size()) return;
    const auto is_other = [&](const std::string& name) { return std::ranges::find(others, name) != others.end(); };
    std::erase_if(plan.entries, [&](const PlanEntry& entry) { return is_other(entry.name); });
    std::erase_if(plan.findings, [&](const Finding& finding) { return is_other(finding.subject); });
}

void rule_absent(const Survey& survey, const Layout& layout, Plan& plan)
{
    leave_out_others(survey, layout, plan);
    const auto is_owned = [](const PlanEntry& entry) { return entry.ownership; };
    const auto orphan = std::find_if(plan.entries.begin(), plan.entries.end(),
                                     [&](const PlanEntry& entry) { return is_linked_home(survey, entry); });
    leave_all(plan, "volume.absent", "there is no state directory");
    for (PlanEntry& entry : plan.entries)
        if (entry.code == "volume.absent" && is_origin_absent(survey, entry))
            entry.reason = "neither origin nor state directory exists";
    const bool in_place = std::any_of(plan.entries.begin(), plan.entries.end(), is_owned);
    if (in_place && orphan == plan.entries.end()) return;
    std::erase_if(plan.findings, [](const Finding& finding) { return finding.severity != Severity::error; });
    if (orphan != plan.entries.end())
        return block(plan, make_finding("volume.missing", layout.state_dir,
                                        "the state directory does not exist, but " + links_into_it(survey, plan),
                                        layout.state_dir));
    plan.nothing_to_do = true;
    plan.findings.push_back(
        make_finding("volume.absent", layout.state_dir, "there is no state directory", layout.state_dir));
}

void rule_not_mounted(const Survey& survey, const Layout& layout, Plan& plan)
{
    const auto orphan = std::find_if(plan.entries.begin(), plan.entries.end(),
                                     [&](const PlanEntry& entry) { return is_dangling(survey, entry); });
    // The findings on single destinations have this one cause, and nothing that they announce is done.
    if (orphan != plan.entries.end()) {
        std::erase_if(plan.findings, [](const Finding& finding) { return finding.severity != Severity::error; });
        return block(plan, make_finding("volume.missing", layout.state_dir,
                                        "nothing is mounted at the state directory, but " + links_into_it(survey, plan),
                                        layout.state_dir));
    }
    leave_all(plan, "volume.not-mounted", "the state directory is not a mount");
    own_no_destination(plan);
    plan.findings.push_back(
        make_finding("volume.not-mounted", layout.state_dir,
                     "the state directory exists, but nothing is mounted there: it would be lost with the container",
                     layout.state_dir));
}

void warn_of_volatile(const VolumeSurvey& volume, const Layout& layout, Plan& plan)
{
    if (!volume.mounted || !is_volatile(volume.filesystem)) return;
    plan.findings.push_back(
        make_finding("volume.volatile", layout.state_dir,
                     "the state directory is on an overlay that is mounted volatile: a crash of the machine may lose "
                     "data written there, even data that a service has synced"));
}

}  // namespace

void apply_volume_rules(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan)
{
    const VolumeSurvey& volume = survey.volume;
    if (volume.state == VolumeState::absent) return rule_absent(survey, layout, plan);
    if (volume.state == VolumeState::not_a_directory)
        return block(plan, make_finding("volume.not-a-directory", layout.state_dir,
                                        "the state directory is not a directory", layout.state_dir));
    if (survey.ledger_newer)
        return block(
            plan, make_finding(
                      "ledger.newer",
                      survey.ledger_problem ? survey.ledger_problem->subject : layout.state_dir + "/.mailstate",
                      survey.ledger_problem ? survey.ledger_problem->message : "a newer mailstate wrote the ledger"));
    // A user other than root may not read the workspace, which is correct.
    if (!volume.workspace_problem.empty() && survey.process.uid != Uid{0})
        return block(
            plan,
            make_finding("process.not-root", "uid " + std::to_string(static_cast<std::uint32_t>(survey.process.uid)),
                         "mailstate does not run as root, and only root may read " + layout.state_dir + "/.mailstate"));
    if (!volume.workspace_problem.empty())
        return block(plan,
                     make_finding("volume.workspace", layout.state_dir + "/.mailstate", volume.workspace_problem));
    if (volume.filesystem.read_only) {
        leave_all(plan, "volume.read-only", "the state directory is read-only");
        own_no_destination(plan);
        plan.findings.push_back(make_finding("volume.read-only", layout.state_dir, "the state directory is read-only"));
        return;
    }
    warn_of_volatile(volume, layout, plan);
    if (!volume.mounted && !options.allow_unmounted) rule_not_mounted(survey, layout, plan);
}

}  // namespace mailstate
