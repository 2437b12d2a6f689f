// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that is a directory or a file, where a link is to be created:
//
//   destination    where …                                    the choice
//   any            the origin is in use                       leave alone
//   vacant         its filesystem is read-only                prepare: move all but the link; then leave alone
//   vacant                                                    move; within one filesystem by an exchange
//   populated      a link in it leads back to the origin      leave alone
//   populated      the origin's filesystem is read-only       leave alone
//   populated      the origin was rolled back                 see decide_rolled_back.cpp
//   populated      a copy of the origin was interrupted       move; the destination is set aside
//   populated                                                 keep the destination: it wins
//
// A destination is vacant that is absent, empty, or was being filled by an interrupted run.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

// An empty destination may be all that there was to prepare.
bool is_prepared(const EntryFacts& facts)
{
    return facts.is_there && facts.phase == Phase::published;
}

Choice choose_prepare(const EntryFacts& facts)
{
    const std::string what = describe_origin(facts) + " on a read-only filesystem";
    if (facts.is_populated || is_prepared(facts)) {
        Choice choice = leave_alone(origin_read_only(facts));
        choice.reason = what + "; the destination is " + (facts.is_populated ? "populated" : "prepared");
        if (facts.is_populated) choice = with_partial_copy(facts, std::move(choice));
        return choice;
    }
    Choice choice = choose(Decision::prepare, what + ": the destination is prepared anyway");
    choice.amount = amount_at_origin(facts);
    choice.findings.push_back(origin_read_only(facts));
    return choice;
}

// Without locks nothing excludes another run: two runs might exchange the same two names.
Choice by_exchange(const EntryFacts& facts, Choice choice)
{
    if (!facts.seen.exchangeable || lacks(capabilities_of(facts, std::nullopt), Ability::lock)) return choice;
    choice.exchange = true;
    choice.reason += "; both are on one filesystem, so it is renamed";
    if (has_option(facts.survey.volume.filesystem, "seclabel"))
        choice.findings.push_back(make_finding("entry.labels-stay", facts.entry.name,
                                               "its files keep the SELinux labels of " + printable(facts.entry.origin),
                                               printable(facts.destination)));
    return choice;
}

Choice leave_linked_back(const EntryFacts& facts)
{
    return leave_alone(
        make_finding("destination.links-back", facts.entry.name,
                     printable(facts.destination + "/" + facts.seen.link_loop) +
                         " is a link into the origin: it would point to itself once the origin is a link",
                     printable(facts.destination)));
}

Choice choose_move_over_copy(const EntryFacts& facts)
{
    Choice choice =
        choose_and_own(Decision::move, describe_origin(facts) + " and the destination is an interrupted copy of it");
    choice.amount = amount_at_origin(facts);
    choice.findings.push_back(
        make_finding("entry.interrupted-copy", facts.entry.name,
                     describe_foreign_copy(facts.seen) + "; " + facts.seen.foreign_copy->evidence));
    return choice;
}

}  // namespace

Choice choose_move(const EntryFacts& facts)
{
    if (facts.seen.origin_in_use) return leave_in_use(facts);
    if (facts.seen.origin_read_only) return choose_prepare(facts);
    const bool absent = facts.seen.destination == DestinationState::absent;
    Choice choice = choose_and_own(Decision::move, describe_origin(facts));
    choice.amount = amount_at_origin(facts);
    if (facts.phase == Phase::linked && absent)
        choice.findings.push_back(make_finding("destination.lost", facts.entry.name,
                                               "it was on the volume, and " + printable(facts.destination) + " is gone",
                                               " Until then, the content of the origin is moved."));
    if (facts.is_unfinished) {
        choice.reason += "; an earlier move into the destination was interrupted";
        return choice;
    }
    choice.reason += std::string(" and the destination is ") + (absent ? "absent" : "empty");
    return by_exchange(facts, std::move(choice));
}

Choice choose_keep(const EntryFacts& facts)
{
    if (facts.seen.origin_in_use) return leave_in_use(facts);
    if (!facts.seen.link_loop.empty()) return leave_linked_back(facts);
    if (facts.seen.origin_read_only) return choose_prepare(facts);
    if (facts.phase == Phase::rolled_back || facts.was_rolled_back) return choose_rolled_back(facts);
    if (facts.likeness == Likeness::interrupted && !facts.seen.destination_mount && !facts.is_users_place)
        return choose_move_over_copy(facts);
    Choice choice =
        choose_and_own(Decision::keep_destination, describe_origin(facts) + " and the destination is populated");
    choice.amount = amount_at_origin(facts);
    return with_partial_copy(facts, std::move(choice));
}

// The service will miss the rest, once the destination is what it uses.
Choice with_partial_copy(const EntryFacts& facts, Choice choice)
{
    if (facts.likeness != Likeness::different && facts.likeness != Likeness::equal)
        choice.findings.push_back(make_finding("entry.partial-destination", facts.entry.name,
                                               describe_foreign_copy(facts.seen), printable(facts.destination)));
    return choice;
}

}  // namespace mailstate
