// SPDX-License-Identifier: MIT
#include "mailstate/model/describe.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string_view verb_of(Decision decision, Tense tense)
{
    const DecisionRow& row = row_of(decision);
    if (tense == Tense::would) return row.planned;
    return tense == Tense::doing ? row.doing : row.past;
}

}  // namespace

std::string describe(const PlanEntry& entry, Tense tense)
{
    const std::string verb(verb_of(entry.decision, tense));
    const std::string origin = printable(entry.origin), destination = printable(entry.destination);
    switch (entry.decision) {
        case Decision::move:
        case Decision::link:
        case Decision::keep_destination:
        case Decision::adopt:
        case Decision::refresh:
        case Decision::prepare:
            return verb + " " + origin + " to " + destination;
        case Decision::set_aside:
            return verb + " " + origin + " with " + destination;
        case Decision::roll_back:
            return verb + " " + destination + " to " + origin;
        case Decision::create:
            return verb + " " + destination + " at " + origin;
        case Decision::restore:
        case Decision::keep_unlinked:
            return verb + " " + destination;
        default:
            return verb + " " + origin;
    }
}

}  // namespace mailstate
