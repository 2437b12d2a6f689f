// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that is absent, where a link is to be created:
//
//   destination    the choice
//   present        link
//   absent         create it with the declared owner, and link: never a dangling link; of a file: leave alone
//
// On a read-only filesystem no link can be created: leave alone.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

Choice choose_link(const EntryFacts& facts)
{
    if (facts.seen.origin_read_only) return leave_alone(origin_read_only(facts));
    return choose_and_own(Decision::link, "the origin is absent and the destination exists");
}

Choice choose_create(const EntryFacts& facts)
{
    if (facts.seen.origin_read_only) return leave_alone(origin_read_only(facts));
    if (facts.entry.kind == Kind::regular)
        return leave_alone(make_finding("origin.missing", facts.entry.name, "neither origin nor destination exists",
                                        "mailstate moves the file once the service has written it"));
    Choice choice = choose_and_own(Decision::create, "neither origin nor destination exists");
    choice.findings.push_back(
        make_finding("origin.missing", facts.entry.name,
                     "the origin " + printable(facts.entry.origin) + " does not exist in this image",
                     "an empty destination is created with the declared owner, and linked"));
    return choice;
}

}  // namespace mailstate
