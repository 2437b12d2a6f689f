// SPDX-License-Identifier: MIT
#include "engine/failure_tally.hpp"
#include "engine/ownership.hpp"
#include "engine/spot.hpp"
#include "mailstate/finding_table.hpp"

namespace mailstate {

namespace {

Result<OwnershipTotals> look(const World& world, const Entry& entry, const PlanEntry& planned, const EntrySurvey& seen,
                             const OwnershipRules& rules, OwnershipPass pass)
{
    OwnershipPassOptions options;
    options.rules = &rules;
    options.stale = &entry.stale;
    options.spare = &entry.spare;
    options.itself_only = pass == OwnershipPass::quick || concerns_itself_only(entry);
    options.jobs = world.jobs;
    const auto count_only = [](const Difference& /*difference*/) -> Result<> { return {}; };
    const bool mounted = seen.origin == OriginState::mount_point || seen.origin == OriginState::mounts_below;
    const Spot spot = mounted ? TRY(origin_spot(world, entry)) : TRY(find_destination(world, entry));
    if (entry.kind == Kind::regular) return ownership_of_file(world, spot.at, spot.name, options, count_only);
    const bool as_user = !mounted && (planned.as_user || seen.only_as_user);
    const DirectoryRef root =
        TRY(open_destination(world.reader, spot, Cross::yes, as_user ? seen.as_user : std::nullopt));
    return ownership_pass(world, root, options, count_only);
}

}  // namespace

std::vector<Finding> survey_ownership(const World& world, Survey& survey, const PlanOptions& options,
                                      OwnershipPass pass)
{
    std::vector<Finding> findings;
    const Plan plan = make_plan(survey, world.layout, options);
    for (const PlanEntry& planned : plan.entries) {
        if (!planned.ownership || changes_something(planned.decision)) continue;
        const Entry& entry = entry_named(world.layout, planned.name);
        EntrySurvey& seen = survey.entries.at(planned.name);
        const Result<OwnershipRules> rules = OwnershipRules::make(entry, survey.identities);
        if (!rules) {
            findings.push_back(make_finding("ownership.unknown-name", planned.name, rules.error()));
            continue;
        }
        const Result<OwnershipTotals> totals = look(world, entry, planned, seen, *rules, pass);
        if (!totals) {
            findings.push_back(make_finding("ownership.failed", planned.name, totals.error()));
            continue;
        }
        seen.owners_differ = totals->different;
        seen.stale = totals->stale.size();
        if (totals->foreign > 0) findings.push_back(foreign_link_finding(planned.name, *totals));
    }
    return findings;
}

}  // namespace mailstate
