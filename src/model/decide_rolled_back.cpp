// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that was rolled back, beside a populated destination:
//
//   rolled back …                                       the choice
//   in another container: this origin is the image's    keep the destination
//   to what had been set aside, and not used since      keep the destination
//   and not used since, as both sides show              keep the destination
//   and the destination is a mount of its own           leave alone: it cannot be set aside
//   otherwise                                           move
//
// The service has used the origin since, so it is the newer of the two, whatever the times of single files are: the
// destination is set aside as a whole.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

Choice keep_because(const EntryFacts& facts, const std::string& why)
{
    Choice choice = choose_and_own(Decision::keep_destination, describe_origin(facts) + why);
    choice.amount = amount_at_origin(facts);
    return choice;
}

Choice keep_elsewhere(const EntryFacts& facts)
{
    Choice choice = keep_because(facts, " and the destination is populated");
    choice.findings.push_back(make_finding("entry.rolled-back-elsewhere", facts.entry.name,
                                           "it was rolled back at " + printable(facts.record->since) +
                                               ", but not in this container: the destination is as it was then"));
    return choice;
}

Choice leave_outdated(const EntryFacts& facts)
{
    Choice choice = leave_alone(make_finding(
        "destination.outdated", facts.entry.name,
        describe_origin(facts) +
            " that was rolled back and used since; the destination is a separate mount and cannot be set aside",
        printable(facts.destination)));
    choice.amount = amount_at_origin(facts);
    return choice;
}

}  // namespace

Choice choose_rolled_back(const EntryFacts& facts)
{
    if (!facts.was_rolled_back) return keep_elsewhere(facts);
    const std::optional<std::string>& returned = facts.record->returned;
    if (returned && facts.seen.size && facts.seen.size->fingerprint == *returned)
        return keep_because(facts, " that was rolled back to displaced content, and not used since");
    if (facts.seen.as_rolled_back) return keep_because(facts, " that was rolled back and not used since");
    if (facts.seen.destination_mount) return leave_outdated(facts);
    Choice choice = choose_and_own(
        Decision::move,
        describe_origin(facts) + " that was rolled back; where it was used since, the older destination is set aside");
    choice.amount = amount_at_origin(facts);
    return choice;
}

}  // namespace mailstate
