// SPDX-License-Identifier: MIT
// What an earlier run, or upstream's script, has left at an entry, whatever becomes of the entry itself:
//
//   a link to the destination, inside of the origin or the destination    only this inner link is removed
//   our temporary name beside the origin                                  removed; where that is impossible: reported
//   the same, with the whole origin, and the destination is gone          put back
//   the record of a roll back beside a link                               removed
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

Finding nested_link(const EntryFacts& facts, const std::string& directory)
{
    return make_finding("entry.nested-link", facts.entry.name,
                        printable(directory) + " contains a link to the destination");
}

Finding stuck_leftover(const EntryFacts& facts)
{
    const std::string at = printable(facts.seen.stuck_leftover);
    return make_finding("origin.leftover", facts.entry.name,
                        "the old content of " + printable(facts.entry.origin) +
                            " cannot be removed, and is still beside the link: " + at,
                        at);
}

// A roll back's record is removed with the link that ends it; where the origin is one already, it is left over.
bool clears_leftover(const EntryFacts& facts)
{
    const EntrySurvey& seen = facts.seen;
    const bool is_removed = seen.leftover && seen.stuck_leftover.empty() && facts.options.from_root.empty();
    const bool is_record = seen.rollback_leftover && seen.origin == OriginState::link_home;
    return (is_removed || is_record) && !facts.is_put_back;
}

}  // namespace

Choice with_leftovers(const EntryFacts& facts, Choice choice)
{
    const EntrySurvey& seen = facts.seen;
    choice.put_back = facts.is_put_back;
    choice.clear_leftover = clears_leftover(facts);
    choice.remove_nested_link = seen.nested_link_in_origin || seen.nested_link_in_destination;
    std::vector<Finding> findings;
    if (seen.nested_link_in_origin) findings.push_back(nested_link(facts, facts.entry.origin));
    if (seen.nested_link_in_destination) findings.push_back(nested_link(facts, facts.destination));
    if (!seen.stuck_leftover.empty()) findings.push_back(stuck_leftover(facts));
    choice.findings.insert(choice.findings.begin(), findings.begin(), findings.end());
    return choice;
}

}  // namespace mailstate
