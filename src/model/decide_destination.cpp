// SPDX-License-Identifier: MIT
// The rows of the decision table for a destination that cannot be used, whatever is at the origin: the entry is left
// alone. Above all, nobody may redirect root with a link.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

Choice leave_shared(const EntryFacts& facts)
{
    return leave_alone(make_finding(
        "destination.shared", facts.entry.name,
        "its destination and that of " + facts.seen.shared_with + " are the same directory, or one is inside the other",
        printable(facts.destination)));
}

Choice leave_linked(const EntryFacts& facts)
{
    const std::string& link = facts.seen.destination_link;
    if (link.empty() || link == facts.destination)
        return leave_alone(make_finding("destination.link", facts.entry.name, "the destination is a link",
                                        printable(facts.destination)));
    return leave_alone(make_finding("destination.link", facts.entry.name,
                                    printable(link) + ", which holds the destination, is a link", printable(link)));
}

Choice leave_other_destination(const EntryFacts& facts)
{
    return leave_alone(make_finding(
        "destination.kind", facts.entry.name,
        "the destination is a " + facts.seen.destination_kind + ", not a " + std::string(name_of(facts.entry.kind)),
        printable(facts.destination)));
}

}  // namespace

std::optional<Choice> refuse_destination(const EntryFacts& facts)
{
    if (!facts.seen.shared_with.empty()) return leave_shared(facts);
    switch (facts.seen.destination) {
        case DestinationState::link:
            return leave_linked(facts);
        case DestinationState::other:
            return leave_other_destination(facts);
        case DestinationState::unreadable:
            return leave_unreadable(facts);
        case DestinationState::absent:
        case DestinationState::empty:
        case DestinationState::populated:
            break;
    }
    return std::nullopt;
}

}  // namespace mailstate
