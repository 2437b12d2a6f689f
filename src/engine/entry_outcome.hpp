// SPDX-License-Identifier: MIT
// The words for what became of an entry: one row each, in the order of the summaries.
#pragma once

#include <array>
#include <string_view>

#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct EntryOutcomeRow {
    EntryOutcome outcome;
    std::string_view name;   // in JSON, metrics and tables
    std::string_view words;  // "3 entries with content set aside"
};

inline constexpr std::array entry_outcome_rows{
    EntryOutcomeRow{EntryOutcome::moved, "moved", "moved"},
    EntryOutcomeRow{EntryOutcome::linked, "linked", "linked"},
    EntryOutcomeRow{EntryOutcome::set_aside, "set-aside", "with content set aside"},
    EntryOutcomeRow{EntryOutcome::created, "created", "created"},
    EntryOutcomeRow{EntryOutcome::copied, "copied", "copied"},
    EntryOutcomeRow{EntryOutcome::rolled_back, "rolled-back", "rolled back"},
    EntryOutcomeRow{EntryOutcome::in_place, "in-place", "in place"},
    EntryOutcomeRow{EntryOutcome::left_alone, "left-alone", "left alone"},
    EntryOutcomeRow{EntryOutcome::failed, "failed", "failed"},
    EntryOutcomeRow{EntryOutcome::not_reached, "not-reached", "not reached"},
    EntryOutcomeRow{EntryOutcome::disabled, "disabled", "disabled"},
};

}  // namespace mailstate
