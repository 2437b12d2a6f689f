// SPDX-License-Identifier: MIT
#include <atomic>

#include "engine/entry_places.hpp"
#include "engine/failure_tally.hpp"
#include "engine/ownership.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

// Sockets and FIFOs belong to the service that makes them when it starts; a file of its own it makes with its own
// group, where the rules name another. Neither is a fault of a service that runs.
bool is_made_by_service(const Difference& difference, const Identities& identities)
{
    const Attributes& seen = difference.seen;
    if (seen.kind == Kind::socket || seen.kind == Kind::fifo) return true;
    if (seen.kind != Kind::regular || seen.owner.uid != difference.wanted.owner.uid ||
        seen.mode != difference.wanted.mode)
        return false;
    const std::string user = user_name(identities, seen.owner.uid);
    return find_group(identities, user) == seen.owner.gid;
}

struct Looked {
    OwnershipTotals totals;
    std::uint64_t faults = 0;  // of what differs
};

Result<Looked> look(const World& world, const Entry& entry, const PlanEntry& planned, const EntrySurvey& seen,
                    const OwnershipRules& rules, const Identities& identities, OwnershipPass pass)
{
    OwnershipPassOptions options;
    options.rules = &rules;
    options.stale = &entry.stale;
    options.spare = &entry.spare;
    options.itself_only = pass == OwnershipPass::quick || concerns_itself_only(entry);
    options.jobs = world.jobs;
    std::atomic<std::uint64_t> faults{0};
    const auto count = [&](const Difference& difference) -> Result<> {
        if (!is_made_by_service(difference, identities)) ++faults;
        return {};
    };
    const bool mounted = seen.origin == OriginState::mount_point || seen.origin == OriginState::mounts_below;
    const Name spot = mounted ? TRY(find_origin(world, entry)) : TRY(find_destination(world, entry));
    if (entry.kind == Kind::regular) {
        OwnershipTotals totals = TRY(ownership_of_file(world, spot, options, count));
        return Looked{std::move(totals), faults};
    }
    const bool as_user = !mounted && (planned.as_user || seen.only_as_user);
    const DirectoryRef root =
        TRY(open_destination(world.reader, spot, Cross::yes, as_user ? seen.as_user : std::nullopt));
    OwnershipTotals totals = TRY(ownership_pass(world, root, options, count));
    return Looked{std::move(totals), faults};
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
        const Result<Looked> looked = look(world, entry, planned, seen, *rules, survey.identities, pass);
        if (!looked) {
            findings.push_back(make_finding("ownership.failed", planned.name, looked.error()));
            continue;
        }
        seen.owners_differ = looked->faults;
        seen.stale = looked->totals.stale.size();
        if (looked->totals.foreign > 0) findings.push_back(foreign_link_finding(planned.name, looked->totals));
    }
    return findings;
}

}  // namespace mailstate
