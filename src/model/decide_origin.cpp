// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that cannot be moved, whatever is at the destination: it is left alone.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"
#include "model/link_elsewhere.hpp"
#include "model/unreadable_hint.hpp"

namespace mailstate {

Choice leave_link_elsewhere(const EntryFacts& facts)
{
    return leave_alone(link_elsewhere(facts.entry, facts.seen));
}

Choice leave_other_kind(const EntryFacts& facts)
{
    return leave_alone(
        make_finding("origin.kind", facts.entry.name,
                     "the origin is a " + facts.seen.other_kind + ", not a " + std::string(name_of(facts.entry.kind)),
                     printable(facts.entry.origin)));
}

Choice leave_nested(const EntryFacts& facts)
{
    if (facts.seen.origin == OriginState::holds_volume)
        return leave_alone(make_finding("origin.holds-volume", facts.entry.name,
                                        facts.seen.problem + ": the copy would include itself",
                                        printable(facts.entry.origin)));
    return leave_alone(make_finding("origin.in-volume", facts.entry.name,
                                    facts.seen.problem + ", and is not this entry's destination",
                                    printable(facts.destination)));
}

// The image lacks the service; nobody uses the content that the volume has of it.
Choice leave_without_parent(const EntryFacts& facts)
{
    const bool kept = facts.seen.destination == DestinationState::populated;
    return leave_alone(make_finding(kept ? Severity::warning : Severity::note, "origin.parent-missing",
                                    facts.entry.name,
                                    std::string("the directory that should hold the origin does not exist") +
                                        (kept ? ", and the volume has its content" : "")));
}

Choice leave_unreadable(const EntryFacts& facts)
{
    return leave_alone(make_finding("entry.unreadable", facts.entry.name, facts.seen.problem,
                                    unreadable_hint(facts.seen.problem_number)));
}

Choice leave_in_use(const EntryFacts& facts)
{
    return leave_alone(make_finding("origin.in-use", facts.entry.name,
                                    describe_origin(facts) + " that is in use by " + facts.seen.in_use_by));
}

Finding origin_read_only(const EntryFacts& facts)
{
    return make_finding("origin.read-only", facts.entry.name,
                        facts.seen.origin == OriginState::absent
                            ? "the origin is absent on a read-only filesystem: no link can be created"
                            : describe_origin(facts) + " on a read-only filesystem: it cannot become a link",
                        ", or create the link in the image");
}

}  // namespace mailstate
