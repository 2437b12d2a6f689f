// SPDX-License-Identifier: MIT
#include "model/entry_facts.hpp"

#include "model/planning.hpp"

namespace mailstate {

namespace {

bool is_users_place(const Survey& survey, const EntrySurvey& seen)
{
    const Capabilities& roots = survey.volume.capabilities;
    return seen.as_user && (seen.only_as_user || lacks(roots, Ability::chown) || lacks(roots, Ability::create));
}

// A record inside a directory that a service can write counts only for access as that service's user.
const LedgerEntry* find_record(const EntryFacts& facts)
{
    if (facts.seen.own_record && facts.is_users_place) return &*facts.seen.own_record;
    if (!facts.survey.ledger) return nullptr;
    const auto found = facts.survey.ledger->entries.find(facts.entry.name);
    return found == facts.survey.ledger->entries.end() ? nullptr : &found->second;
}

}  // namespace

EntryFacts entry_facts(const Survey& survey, const Layout& layout, const PlanOptions& options, const Entry& entry)
{
    const EntrySurvey& seen = survey.entries.at(entry.name);
    EntryFacts facts{survey, options, entry, seen, destination_path(layout, entry)};
    facts.is_users_place = is_users_place(survey, seen);
    facts.record = find_record(facts);
    if (facts.record != nullptr) facts.phase = facts.record->phase;
    facts.was_rolled_back = was_rolled_back_here(survey, entry, seen);
    const bool is_populated = seen.destination == DestinationState::populated;
    facts.is_there = is_populated || seen.destination == DestinationState::empty;
    // The ledger's word alone does not make a populated destination one that may be filled.
    facts.is_unfinished = facts.phase == Phase::publishing && seen.publishing;
    facts.is_populated = is_populated && !facts.is_unfinished;
    if (seen.foreign_copy) facts.likeness = seen.foreign_copy->likeness;
    facts.is_put_back =
        seen.origin == OriginState::link_home && !facts.is_there && seen.leftover_whole && options.from_root.empty();
    return facts;
}

const Capabilities& capabilities_of(const EntryFacts& facts, const std::optional<Owner>& as_user)
{
    return facts.seen.destination_mount || as_user ? facts.seen.capabilities : facts.survey.volume.capabilities;
}

std::string describe_origin(const EntryFacts& facts)
{
    return "the origin is a " + std::string(name_of(facts.entry.kind));
}

Amount amount_at_origin(const EntryFacts& facts)
{
    return facts.seen.size ? Amount{facts.seen.size->files, facts.seen.size->data} : Amount{};
}

}  // namespace mailstate
