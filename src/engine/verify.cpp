// SPDX-License-Identifier: MIT
// verify: is everything as the layout promises? With a reader only.
#include <algorithm>

#include "engine/binary_mode.hpp"
#include "engine/origin.hpp"
#include "engine/split_path.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

std::string leftover_path(const std::string& origin)
{
    const SplitPath path = split_path(origin);
    return printable(path.parent + "/" + temporary_name(path.name));
}

void verify_entry(const PlanEntry& planned, std::vector<Finding>& findings)
{
    const bool is_beside = planned.clear_leftover && planned.decision == Decision::in_place;
    if (is_beside)  // the service uses the volume
        findings.push_back(
            make_finding("origin.leftover", planned.name,
                         "leftovers of an apply or a rollback are beside the link " + printable(planned.origin),
                         leftover_path(planned.origin)));
    if (changes_something(planned.decision) || (planned.clear_leftover && !is_beside) || planned.remove_nested_link)
        findings.push_back(make_finding("verify.not-in-place", planned.name,
                                        planned.reason.empty() ? "it is not in place" : planned.reason));
    if (planned.owners_differ > 0)
        findings.push_back(
            make_finding("verify.owners", planned.name,
                         human_count(planned.owners_differ, "file has", "files have") + " a different owner or mode"));
    if (planned.stale > 0)
        findings.push_back(
            make_finding("verify.stale", planned.name,
                         human_count(planned.stale, "stale file", "stale files") + " in the destination"));
}

void verify_binaries(const World& world, const Survey& survey, std::vector<Finding>& findings)
{
    for (const Binary& binary : world.layout.binaries) {
        const Result<std::optional<BinaryState>> state = look_at_binary(world.reader, binary, survey.identities);
        if (state && *state && (*state)->left) {
            findings.push_back(*(*state)->left);
            continue;
        }
        const bool wrong = state && *state && !(*state)->right;
        if (state && !wrong) continue;
        const std::string message = wrong ? "its mode is " + octal_mode((*state)->seen.mode.bits) + " and its owner " +
                                                owner_name(survey.identities, (*state)->seen.owner)
                                          : describe(state.error());
        findings.push_back(make_finding("binary.sgid", binary.path, message));
    }
}

}  // namespace

std::vector<Finding> verify(const World& world, const PlanOptions& options, OwnershipPass pass)
{
    Result<Survey> survey = probe(world, options);
    if (!survey) return {make_finding("verify.failed", "", survey.error())};
    std::vector<Finding> findings = survey_ownership(world, *survey, options, pass);
    const Plan plan = make_plan(*survey, world.layout, options);
    findings.insert(findings.end(), plan.findings.begin(), plan.findings.end());
    for (const PlanEntry& planned : plan.entries) verify_entry(planned, findings);
    if (plan.renumber)
        findings.push_back(
            make_finding("verify.renumbered", "", "users have different numbers in this image than on the volume"));
    if (plan.sweep)
        findings.push_back(make_finding("verify.staging", "", "an interrupted run left its staging directory behind"));
    verify_binaries(world, *survey, findings);
    std::stable_sort(findings.begin(), findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
    return findings;
}

}  // namespace mailstate
