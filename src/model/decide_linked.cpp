// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that leads to the destination:
//
//   origin                destination    the choice
//   link to it            present        in place
//   link to it            absent         restore: create an empty one; of a file, or below another root: leave alone
//   the same directory                   in place
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

// The other root had a volume of its own, and this one is another.
Choice leave_with_its_volume(const EntryFacts& facts)
{
    return leave_alone(make_finding("destination.lost", facts.entry.name,
                                    "the origin below " + printable(facts.options.from_root) +
                                        " is a link to that container's volume, and its content is not on this one",
                                    " Or mount that container's volume here."));
}

Choice leave_to_be_put_back(const EntryFacts& facts)
{
    return leave_alone(make_finding("destination.lost", facts.entry.name,
                                    "the origin is a link, and the destination is gone; the origin's old content is "
                                    "beside the link, and is put back",
                                    " The next apply moves it."));
}

}  // namespace

Choice choose_in_place(const EntryFacts& facts)
{
    return choose_and_own(Decision::in_place, facts.seen.origin == OriginState::link_home
                                                  ? "the origin is a link to the destination"
                                                  : "origin and destination are the same directory");
}

Choice choose_restore(const EntryFacts& facts)
{
    if (!facts.options.from_root.empty()) return leave_with_its_volume(facts);
    if (facts.is_put_back) return leave_to_be_put_back(facts);
    if (facts.entry.kind == Kind::regular)
        return leave_alone(make_finding("destination.lost", facts.entry.name,
                                        "the origin is a link to a file that is not on the volume",
                                        " Or let the service write a new one through the link."));
    Choice choice = choose_and_own(Decision::restore, "the origin is a link, but the destination is not on the volume");
    choice.findings.push_back(make_finding("destination.lost", facts.entry.name,
                                           "the destination " + printable(facts.destination) + " is gone",
                                           " Until then, an empty one is created."));
    return choice;
}

}  // namespace mailstate
