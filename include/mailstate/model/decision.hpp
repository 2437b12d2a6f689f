// SPDX-License-Identifier: MIT
// Decision: what becomes of an entry, and the words for it in text, JSON, log, HTML, metrics and ledger.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mailstate {

enum class Decision {
    in_place,          // the link is there, or origin and destination are one directory
    restore,           // the link is there, its destination is not: make it
    link,              // the destination is there, the origin is not
    create,            // neither is there: make the destination and link
    move,              // stage, compare, publish, link
    keep_destination,  // both are there: set aside what only the origin has, then link
    prepare,           // the origin cannot or shall not become a link: move all but the link
    keep_unlinked,     // the destination is there and no link shall be made
    set_aside,         // of --from-root: set aside what only the other root's origin has, and leave that as it is
    adopt,             // copy a mounted origin, leave the mount
    refresh,           // copy an adopted origin again: it has changed
    roll_back,         // of rollback only: copy the destination back to the origin
    leave_alone,
    disabled,
};

// Between origin and destination, as the report draws it.
enum class Movement { go, back, home, stay, off };
std::string_view name_of(Movement movement);  // "go", "back" …, the classes of page.css

struct DecisionRow {
    Decision decision;
    Movement movement;
    std::string_view name;           // "keep-destination": in JSON, text and metrics
    std::string_view doing, past;    // "moving /var/lib/redis to …", "moved …"
    std::string_view planned, done;  // in a summary: "3 to move", "3 moved"
};

// In the order of a summary.
inline constexpr std::array decision_rows{
    DecisionRow{Decision::move, Movement::go, "move", "moving", "moved", "to move", "moved"},
    DecisionRow{Decision::keep_destination, Movement::go, "keep-destination", "linking", "linked",
                "to link to the volume's content", "linked to the volume's content"},
    DecisionRow{Decision::link, Movement::go, "link", "linking", "linked", "to link", "linked"},
    DecisionRow{Decision::create, Movement::go, "create", "creating and linking", "created and linked", "to create",
                "created"},
    DecisionRow{Decision::restore, Movement::go, "restore", "creating again", "created again", "to restore",
                "restored"},
    DecisionRow{Decision::prepare, Movement::go, "prepare", "copying without a link", "copied without a link",
                "to prepare", "prepared"},
    DecisionRow{Decision::set_aside, Movement::go, "set-aside", "comparing", "compared", "to compare", "compared"},
    DecisionRow{Decision::adopt, Movement::go, "adopt", "adopting", "adopted", "to adopt", "adopted"},
    DecisionRow{Decision::refresh, Movement::go, "refresh", "copying again", "copied again", "to refresh", "refreshed"},
    DecisionRow{Decision::roll_back, Movement::back, "roll-back", "rolling back", "rolled back", "to roll back",
                "rolled back"},
    DecisionRow{Decision::in_place, Movement::home, "in-place", "keeping", "kept", "in place", "in place"},
    DecisionRow{Decision::keep_unlinked, Movement::home, "keep-unlinked", "keeping without a link",
                "kept without a link", "on the volume", "on the volume"},
    DecisionRow{Decision::leave_alone, Movement::stay, "leave-alone", "leaving alone", "left alone", "left alone",
                "left alone"},
    DecisionRow{Decision::disabled, Movement::off, "disabled", "skipping", "skipped", "disabled", "disabled"},
};

const DecisionRow& row_of(Decision decision);
std::string_view name_of(Decision decision);
std::optional<Decision> decision_named(std::string_view name);

bool changes_something(Decision decision);
bool is_on_volume(Decision decision);    // or will be, once it is done
bool is_copied(Decision decision);       // content goes from the origin to the destination
bool brings_content(Decision decision);  // its files and bytes are copied; all of keep_destination's stay in place

}  // namespace mailstate
