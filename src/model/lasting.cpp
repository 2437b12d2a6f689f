// SPDX-License-Identifier: MIT
// State that does not last: volumes in memory, anonymous volumes, emptyDirs. The kernel names them in mountinfo.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

constexpr FindingCode in_memory = "volume.memory";

bool is_link_home(const Survey& survey, const PlanEntry& planned)
{
    const auto found = survey.entries.find(planned.name);
    return found != survey.entries.end() && found->second.origin == OriginState::link_home;
}

// What is a link already has nothing to lose by being served; what is not would be taken from a place that may last.
void leave_unlinked(const Survey& survey, Plan& plan)
{
    for (PlanEntry& entry : plan.entries) {
        if (!changes_something(entry.decision) || is_link_home(survey, entry)) continue;
        entry.decision = Decision::leave_alone;
        entry.code = in_memory.text();
        entry.reason = "the state directory is in memory";
        entry.ownership = entry.clear_leftover = entry.remove_nested_link = false;
    }
    std::erase_if(plan.findings, [](const Finding& finding) {
        return finding.code == "origin.missing" || finding.code == "entry.nested-link";
    });
}

void rule_memory(const Survey& survey, const PlanOptions& options, Plan& plan)
{
    const FilesystemFacts& facts = survey.volume.filesystem;
    if (facts.kind != FilesystemClass::memory || !survey.volume.mounted || options.allow_memory) return;
    leave_unlinked(survey, plan);
    const bool any = std::any_of(plan.entries.begin(), plan.entries.end(),
                                 [&](const PlanEntry& entry) { return is_link_home(survey, entry); });
    plan.findings.push_back(make_finding("volume.memory", plan.state_dir,
                                         "the state directory is in memory (" + printable(facts.type) +
                                             "): its content is lost when the container stops" +
                                             (any ? "; services whose entries are links into it use it as before" : ""),
                                         printable(plan.state_dir)));
}

// "3f2a…" of ".../volumes/<64 hexadecimal digits>/_data": the name that Docker and podman give to a volume without one.
std::string anonymous_volume(std::string_view subtree)
{
    constexpr std::string_view volumes = "/volumes/", data = "/_data";
    constexpr std::size_t digits = 64;
    if (subtree.size() < volumes.size() + digits + data.size() || !subtree.ends_with(data)) return "";
    subtree.remove_suffix(data.size());
    const std::string_view name = subtree.substr(subtree.size() - digits);
    subtree.remove_suffix(digits);
    if (!subtree.ends_with(volumes)) return "";
    return name.find_first_not_of("0123456789abcdef") == std::string_view::npos ? std::string(name) : "";
}

// The kubelet's directory of it: <pod>/volumes/kubernetes.io~empty-dir/<name>.
bool is_empty_dir(std::string_view subtree)
{
    return subtree.find("/kubernetes.io~empty-dir/") != std::string_view::npos;
}

// What a mount point is mounted from, where that goes with its container. subject: of the finding.
void name_passing_mount(const FilesystemFacts& facts, const std::string& subject, const std::string& path, Plan& plan)
{
    const std::string name = anonymous_volume(facts.subtree);
    if (!name.empty())
        plan.findings.push_back(
            make_finding("volume.anonymous", subject,
                         printable(path) + " is the anonymous volume " + name.substr(0, 12) +
                             "…: the next container (docker compose down and up) gets a new, empty one",
                         printable(path), name));
    if (is_empty_dir(facts.subtree))
        plan.findings.push_back(make_finding("volume.empty-dir", subject,
                                             printable(path) + " is an emptyDir of Kubernetes: it is lost with the pod",
                                             printable(path)));
}

}  // namespace

bool is_in_memory(const EntrySurvey& seen, const PlanOptions& options)
{
    return seen.destination_mount && seen.destination_filesystem.kind == FilesystemClass::memory &&
           !options.allow_memory && seen.origin != OriginState::link_home;
}

Finding destination_in_memory(const EntrySurvey& seen, const std::string& entry, const std::string& destination)
{
    return make_finding("destination.memory", entry,
                        "the destination is in memory (" + printable(seen.destination_filesystem.type) +
                            "): it is lost when the container stops",
                        printable(destination));
}

void apply_lasting_rules(const Survey& survey, const PlanOptions& options, Plan& plan)
{
    rule_memory(survey, options, plan);
    if (survey.volume.mounted) name_passing_mount(survey.volume.filesystem, plan.state_dir, plan.state_dir, plan);
    for (const PlanEntry& entry : plan.entries) {
        const auto seen = survey.entries.find(entry.name);
        if (seen == survey.entries.end() || !seen->second.destination_mount) continue;
        name_passing_mount(seen->second.destination_filesystem, entry.name, entry.destination, plan);
    }
}

}  // namespace mailstate
