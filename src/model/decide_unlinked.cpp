// SPDX-License-Identifier: MIT
// The rows of the decision table where no link is to be created: --no-link, whose links are another container's, and
// --from-root, whose origins are those of a container that was, and stay as they are.
//
//   origin               destination    further                       the choice
//   absent               any            --from-root                   leave alone
//   absent               present                                      keep it
//   absent               absent                                       prepare: create it; of a file: leave alone
//   directory or file    any            --from-root, in use           leave alone
//   directory or file    populated      --from-root                   set aside what it lacks
//   directory or file    populated      rolled back                   leave alone
//   directory or file    populated                                    keep it
//   directory or file    present        nothing is left to prepare    keep it
//   directory or file    any            in use                        leave alone
//   directory or file    any                                          prepare
//
// The run that creates the link sets aside what the origin has and the destination lacks. Where the service has used
// the origin since a roll back, it will not start with what is on the volume. An origin below another root never
// becomes a link: it has to be copied, or set aside, now.
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

bool is_from_other_root(const EntryFacts& facts)
{
    return !facts.options.from_root.empty();
}

bool has_nothing(const EntrySurvey& seen)
{
    return seen.size && seen.size->files == 0 && seen.size->directories <= 1;
}

// Also where there was nothing to copy.
bool is_nothing_left_to_prepare(const EntryFacts& facts)
{
    if (!facts.is_there) return false;
    if (is_from_other_root(facts)) return has_nothing(facts.seen);
    return facts.phase == Phase::published || facts.phase == Phase::linked;
}

Choice choose_populated_unlinked(const EntryFacts& facts)
{
    const std::string what = describe_origin(facts);
    const bool other = is_from_other_root(facts);
    if (!other && facts.was_rolled_back)
        return leave_alone(make_finding("origin.rolled-back", facts.entry.name, what + " that was rolled back"));
    return with_partial_copy(facts, choose_and_own(other ? Decision::set_aside : Decision::keep_unlinked,
                                                   what + " and the destination is populated"));
}

}  // namespace

Choice choose_present_unlinked(const EntryFacts& facts)
{
    if (is_from_other_root(facts) && facts.seen.origin_in_use) return leave_in_use(facts);
    if (facts.is_populated) return choose_populated_unlinked(facts);
    const std::string what = describe_origin(facts);
    if (is_nothing_left_to_prepare(facts))
        return choose_and_own(Decision::keep_unlinked, what + " and the destination is prepared");
    if (facts.seen.origin_in_use) return leave_in_use(facts);
    Choice choice = choose_and_own(Decision::prepare, what + "; no link is created");
    choice.amount = amount_at_origin(facts);
    return choice;
}

Choice choose_absent_unlinked(const EntryFacts& facts)
{
    if (is_from_other_root(facts))
        return leave_alone(make_finding("origin.missing", facts.entry.name,
                                        "there is no origin below " + printable(facts.options.from_root),
                                        "the other container had no such state"));
    if (facts.is_there)
        return choose_and_own(Decision::keep_unlinked, "the origin is absent and the destination exists");
    if (facts.entry.kind == Kind::regular) return choose_create(facts);
    Choice choice = choose_and_own(Decision::prepare, "neither origin nor destination exists; no link is created");
    choice.amount = amount_at_origin(facts);
    return choice;
}

}  // namespace mailstate
