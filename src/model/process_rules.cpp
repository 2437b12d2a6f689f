// SPDX-License-Identifier: MIT
// What this process can and cannot do, held against the layout; and the causes for which entries are left alone.
#include <linux/capability.h>

#include <algorithm>
#include <map>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"
#include "model/volume_causes.hpp"

namespace mailstate {

namespace {

constexpr std::uint32_t set_id_bits = 06000;

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + printable(name);
    return text;
}

// no_new_privs(2): execve(2) ignores the SUID and SGID bits of files.
void rule_no_new_privs(const Survey& survey, const Layout& layout, Plan& plan)
{
    const auto has_bits = [](const Binary& binary) { return binary.mode && (binary.mode->bits & set_id_bits) != 0; };
    if (!survey.process.no_new_privs || std::none_of(layout.binaries.begin(), layout.binaries.end(), has_bits)) return;
    std::vector<std::string> paths;
    for (const Binary& binary : layout.binaries)
        if (has_bits(binary)) paths.push_back(binary.path);
    plan.findings.push_back(make_finding("process.no-new-privs", "no_new_privs",
                                         "no_new_privs is set: the special bits of " + listed(paths) +
                                             " have no effect, so local mail submission fails"));
}

// What has been copied or compared is removed from the origin, so one that cannot be emptied stays whole.
bool empties_origin(Decision decision)
{
    return decision == Decision::move || decision == Decision::keep_destination;
}

Finding cannot_empty(const Survey& survey, const std::string& entries, const std::string& directories)
{
    const std::string what = "nothing can be removed from " + directories + ", so the origin cannot become a link";
    if (survey.process.uid != Uid{0})
        return make_finding("process.not-root", entries, "mailstate does not run as root: " + what);
    if (!has_capability(survey.process, CAP_DAC_OVERRIDE))
        return make_finding(Severity::error, "process.capability", entries, "CAP_DAC_OVERRIDE is missing: " + what,
                            std::string_view("DAC_OVERRIDE"));
    return make_finding("origin.not-ours", entries, what);
}

void rule_rights(const Survey& survey, Plan& plan)
{
    std::vector<std::string> entries, directories;
    for (PlanEntry& planned : plan.entries) {
        if (!empties_origin(planned.decision)) continue;
        const std::optional<TreeSize>& size = survey.entries.at(planned.name).size;
        if (!size || size->unchangeable.empty()) continue;
        const bool itself = size->unchangeable == ".";
        if (planned.exchange && !itself) continue;  // nothing is removed from below it
        const std::string directory = itself ? planned.origin : planned.origin + "/" + size->unchangeable;
        const Finding finding = cannot_empty(survey, planned.name, printable(directory));
        entries.push_back(planned.name);
        directories.push_back(directory);
        planned.ownership = planned.exchange = false;
        planned.decision = Decision::leave_alone;
        planned.code = finding.code;
        planned.reason = finding.message;
    }
    if (!entries.empty()) plan.findings.push_back(cannot_empty(survey, listed(entries), listed(directories)));
}

// The first owner of the entry's rules that this user namespace has no number for.
std::string inexpressible(const Survey& survey, const Entry& entry)
{
    for (const OwnershipRule& rule : entry.ownership) {
        const auto uid = find_user(survey.identities, rule.owner);
        const auto gid = find_group(survey.identities, rule.group);
        if (uid && !can_express(survey.process.uid_map, static_cast<std::uint32_t>(*uid)))
            return "user " + printable(rule.owner) + " (" + std::to_string(static_cast<std::uint32_t>(*uid)) + ")";
        if (gid && !can_express(survey.process.gid_map, static_cast<std::uint32_t>(*gid)))
            return "group " + printable(rule.group) + " (" + std::to_string(static_cast<std::uint32_t>(*gid)) + ")";
    }
    return "";
}

void rule_id_map(const Survey& survey, const Layout& layout, Plan& plan)
{
    std::vector<std::string> entries;
    std::string owners;
    for (PlanEntry& planned : plan.entries) {
        // Root of a user namespace may not even read what belongs to a user outside it.
        const bool unreadable = planned.code == "entry.unreadable";
        if (planned.decision == Decision::disabled || (planned.decision == Decision::leave_alone && !unreadable))
            continue;
        const std::string owner = inexpressible(survey, entry_named(layout, planned.name));
        if (owner.empty()) continue;
        entries.push_back(planned.name);
        if (owners.find(owner) == std::string::npos) owners += (owners.empty() ? "" : ", ") + owner;
        planned.ownership = false;
        if (planned.decision == Decision::in_place || planned.decision == Decision::keep_unlinked) continue;
        planned.decision = Decision::leave_alone;
        planned.code = FindingCode("process.id-map").text();
        planned.reason = "its owner, " + owner + ", cannot be expressed in this user namespace";
        std::erase_if(plan.findings, [&](const Finding& finding) {
            return finding.code == "entry.unreadable" && finding.subject == planned.name;
        });
    }
    if (entries.empty()) return;
    plan.findings.push_back(
        make_finding("process.id-map", listed(entries),
                     owners + " cannot be expressed in this user namespace: its id map lacks the number"));
}

}  // namespace

std::optional<Owner> single_owner(const Entry& entry, const Identities& identities)
{
    const auto names_all = [](const OwnershipRule& rule) { return rule.match == "**" && !rule.kind; };
    if (entry.kind != Kind::directory || entry.ownership.empty() || !names_all(entry.ownership.front()))
        return std::nullopt;
    const OwnershipRule& first = entry.ownership.front();
    const auto is_other = [&](const OwnershipRule& rule) {
        return (!rule.owner.empty() && rule.owner != first.owner) || (!rule.group.empty() && rule.group != first.group);
    };
    if (std::any_of(entry.ownership.begin(), entry.ownership.end(), is_other)) return std::nullopt;
    const auto uid = find_user(identities, first.owner);
    const auto gid = find_group(identities, first.group);
    if (!uid || !gid || *uid == Uid{0}) return std::nullopt;
    return Owner{*uid, *gid};
}

namespace {

// A read-only root is one cause, however many entries it holds.
void merge_read_only(Plan& plan)
{
    const auto is_it = [](const Finding& finding) { return finding.code == "origin.read-only"; };
    const auto first = std::find_if(plan.findings.begin(), plan.findings.end(), is_it);
    if (std::count_if(plan.findings.begin(), plan.findings.end(), is_it) < 2) return;
    std::vector<std::string> entries;
    for (const Finding& finding : plan.findings)
        if (is_it(finding)) entries.push_back(finding.subject);
    Finding merged = *first;
    merged.subject = listed(entries);
    merged.message = "the origins are on a read-only filesystem: they cannot become links";
    std::erase_if(plan.findings, is_it);
    plan.findings.push_back(std::move(merged));
}

}  // namespace

void apply_process_rules(const Survey& survey, const Layout& layout, Plan& plan)
{
    rule_no_new_privs(survey, layout, plan);
    rule_id_map(survey, layout, plan);
    rule_rights(survey, plan);
    merge_read_only(plan);
}

namespace {

Finding cause_for(const Survey& survey, const PlanEntry& planned)
{
    const EntrySurvey& seen = survey.entries.at(planned.name);
    const bool own = seen.destination_mount || planned.as_user;
    const VolumeEvidence evidence{own ? seen.capabilities : survey.volume.capabilities,
                                  seen.destination_mount ? seen.destination_filesystem : survey.volume.filesystem,
                                  survey.process};
    return cause_of(*planned.lacking, evidence);
}

// Which directories the administrator could make on the server, so that services with one owner work there as that.
std::string commands_for(const Survey& survey, const Layout& layout, const std::vector<std::string>& names)
{
    std::string commands;
    for (const std::string& name : names) {
        const Entry& entry = entry_named(layout, name);
        const std::optional<Owner> owner = single_owner(entry, survey.identities);
        if (!owner) continue;
        if (!commands.empty()) commands += "; ";
        commands += "mkdir " + entry.destination + " && chown " + owner_numbers(*owner) + " " + entry.destination;
    }
    return commands.empty() ? "" : " On the server, in the exported directory: " + commands + ".";
}

}  // namespace

void apply_causes(const Survey& survey, const Layout& layout, Plan& plan)
{
    struct Cause {
        Finding finding;
        std::vector<std::string> left, unowned;
    };
    std::map<std::string, Cause> causes;  // by their text: several missing abilities may have one cause
    for (const PlanEntry& planned : plan.entries) {
        if (!planned.lacking || planned.decision == Decision::disabled) continue;
        const Finding finding = cause_for(survey, planned);
        Cause& cause = causes[finding.code + finding.message];
        cause.finding = finding;
        (planned.decision == Decision::leave_alone ? cause.left : cause.unowned).push_back(planned.name);
    }
    for (auto& [key, cause] : causes) {
        cause.finding.subject = layout.state_dir;
        if (cause.left.empty()) cause.finding.severity = Severity::warning;
        if (cause.finding.code == "volume.root-squash") cause.finding.hint += commands_for(survey, layout, cause.left);
        if (!cause.left.empty())
            cause.finding.message += "; left alone, so the services run from their origins: " + listed(cause.left);
        if (!cause.unowned.empty())
            cause.finding.message += "; on the volume, but without their owners being set: " + listed(cause.unowned);
        plan.findings.push_back(std::move(cause.finding));
    }
}

}  // namespace mailstate
