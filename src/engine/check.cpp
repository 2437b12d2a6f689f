// SPDX-License-Identifier: MIT
// check: volume and entries against what the layout needs. What the plan would say is said here too, without the plan.
#include <linux/capability.h>

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

void check_volume(const Survey& survey, const Layout& layout, std::vector<Finding>& findings)
{
    const VolumeSurvey& volume = survey.volume;
    if (volume.state != VolumeState::present) return;
    const FilesystemFacts& facts = volume.filesystem;
    const std::string what = facts.type + " " + printable(facts.source);
    if (facts.kind == FilesystemClass::network || facts.kind == FilesystemClass::fuse ||
        facts.kind == FilesystemClass::shared)
        findings.push_back(make_finding(
            "volume.network", layout.state_dir,
            "the state directory is on " + what + ": owners, special bits and locks may be refused there"));
    if (!facts.read_only && facts.free_bytes < volume.headroom)
        findings.push_back(make_finding("volume.no-space", layout.state_dir,
                                        "only " + human_bytes(facts.free_bytes) + " are free, less than " +
                                            human_bytes(volume.headroom) +
                                            ": Postfix refuses mail below 1.5 times its message_size_limit"));
}

void check_process(const Survey& survey, std::vector<Finding>& findings)
{
    struct Need {
        int number;
        const char* name;
        const char* why;
        Severity severity = Severity::warning;
    };
    static constexpr Need needs[] = {
        {CAP_CHOWN, "CHOWN", "owners cannot be set"},
        {CAP_FOWNER, "FOWNER", "modes of the services' files cannot be set"},
        {CAP_FSETID, "FSETID", "SGID bits are silently dropped"},
        {CAP_DAC_OVERRIDE, "DAC_OVERRIDE", "the services' private directories cannot be read"},
        {CAP_MKNOD, "MKNOD", "device nodes cannot be copied: an entry that holds one stays where it is",
         Severity::note},
    };
    for (const Need& need : needs) {
        if (has_capability(survey.process, need.number)) continue;
        findings.push_back(make_finding(need.severity, "process.capability", std::string("CAP_") + need.name, need.why,
                                        std::string_view(need.name)));
    }
}

// The ids of a user namespace: user_namespaces(7).
void check_id_map(const Survey& survey, std::vector<Finding>& findings)
{
    constexpr std::uint32_t every = 0xffffffffU;
    const std::vector<IdRange>& map = survey.process.uid_map;
    if (map.empty() || (map.size() == 1 && map[0].count == every)) return;
    std::uint64_t ids = 0;
    for (const IdRange& range : map) ids += range.count;
    findings.push_back(make_finding("process.user-namespace", "uid_map",
                                    "this user namespace has " + human_count(ids, "id", "ids") +
                                        "; owners outside it show as 65534 and cannot be set"));
}

// Of the entries that are planned for: those of other containers have users of other images.
void check_identities(const Survey& survey, const Layout& layout, const Plan& plan, std::vector<Finding>& findings)
{
    for (const PlanEntry& planned : plan.entries) {
        const Entry& entry = entry_named(layout, planned.name);
        if (!survey.gates.at(entry.name).open) continue;
        for (const OwnershipRule& rule : entry.ownership) {
            const bool user = rule.owner.empty() || find_user(survey.identities, rule.owner);
            const bool group = rule.group.empty() || find_group(survey.identities, rule.group);
            if (user && group) continue;
            findings.push_back(make_finding("ownership.unknown-name", entry.name,
                                            std::string(user ? "group " : "user ") +
                                                printable(user ? rule.group : rule.owner) +
                                                " is not known in this image"));
            break;
        }
    }
}

}  // namespace

std::vector<Finding> check(const Survey& survey, const Layout& layout, const PlanOptions& options)
{
    const Plan plan = make_plan(survey, layout, options);
    std::vector<Finding> findings = plan.findings;
    check_volume(survey, layout, findings);
    check_process(survey, findings);
    check_id_map(survey, findings);
    for (Finding& finding : volume_findings(survey, layout)) {
        const auto is_said = [&](const Finding& said) { return said.code == finding.code; };
        if (std::none_of(findings.begin(), findings.end(), is_said)) findings.push_back(std::move(finding));
    }
    check_identities(survey, layout, plan, findings);
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return findings;
}

}  // namespace mailstate
