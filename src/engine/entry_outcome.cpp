// SPDX-License-Identifier: MIT
#include "engine/entry_outcome.hpp"

#include <algorithm>

namespace mailstate {

std::string_view name_of(EntryOutcome outcome)
{
    const auto* const row = std::ranges::find(entry_outcome_rows, outcome, &EntryOutcomeRow::outcome);
    return row == entry_outcome_rows.end() ? std::string_view() : row->name;
}

EntryOutcome outcome_at_first(Decision decision)
{
    if (changes_something(decision)) return EntryOutcome::not_reached;
    return outcome_when_done(decision);
}

EntryOutcome outcome_when_done(Decision decision)
{
    switch (decision) {
        case Decision::move:
            return EntryOutcome::moved;
        case Decision::link:
        case Decision::keep_destination:
            return EntryOutcome::linked;
        case Decision::create:
        case Decision::restore:
            return EntryOutcome::created;
        case Decision::prepare:
        case Decision::adopt:
        case Decision::refresh:
            return EntryOutcome::copied;
        case Decision::roll_back:
            return EntryOutcome::rolled_back;
        case Decision::in_place:
        case Decision::keep_unlinked:
        case Decision::set_aside:
            return EntryOutcome::in_place;
        case Decision::leave_alone:
            return EntryOutcome::left_alone;
        case Decision::disabled:
            return EntryOutcome::disabled;
    }
    return EntryOutcome::not_reached;
}

}  // namespace mailstate
