// SPDX-License-Identifier: MIT
// Exactly one row of the table fits each case: the compiler checks it.
#include "model/decide.hpp"

#include <algorithm>
#include <array>

#include "model/decide_rows.hpp"

namespace mailstate {

namespace {

using Origin = OriginState;
enum class Destination { any, absent, present, vacant, populated };  // vacant: absent, empty, or filled only in part
enum class Link { any, wanted, unwanted };                           // unwanted: --no-link

struct TableRow {
    Origin origin;
    Destination destination;
    Link link;
    Choice (*choose)(const EntryFacts&);
};

// The decision table, of a destination that can be used. Further conditions stand above what each row chooses, in the
// sources that decide_rows.hpp names.
constexpr std::array decision_table{
    TableRow{Origin::link_home, Destination::present, Link::any, choose_in_place},
    TableRow{Origin::link_home, Destination::absent, Link::any, choose_restore},
    TableRow{Origin::absent, Destination::present, Link::wanted, choose_link},
    TableRow{Origin::absent, Destination::absent, Link::wanted, choose_create},
    TableRow{Origin::absent, Destination::any, Link::unwanted, choose_absent_unlinked},
    TableRow{Origin::directory, Destination::vacant, Link::wanted, choose_move},
    TableRow{Origin::directory, Destination::populated, Link::wanted, choose_keep},
    TableRow{Origin::directory, Destination::any, Link::unwanted, choose_present_unlinked},
    TableRow{Origin::file, Destination::vacant, Link::wanted, choose_move},
    TableRow{Origin::file, Destination::populated, Link::wanted, choose_keep},
    TableRow{Origin::file, Destination::any, Link::unwanted, choose_present_unlinked},
    TableRow{Origin::mount_point, Destination::any, Link::any, choose_mounted},
    TableRow{Origin::mounts_below, Destination::any, Link::any, choose_mounted},
    TableRow{Origin::same_as_destination, Destination::any, Link::any, choose_in_place},
    TableRow{Origin::link_elsewhere, Destination::any, Link::any, leave_link_elsewhere},
    TableRow{Origin::other, Destination::any, Link::any, leave_other_kind},
    TableRow{Origin::holds_volume, Destination::any, Link::any, leave_nested},
    TableRow{Origin::in_volume, Destination::any, Link::any, leave_nested},
    TableRow{Origin::parent_missing, Destination::any, Link::any, leave_without_parent},
    TableRow{Origin::unreadable, Destination::any, Link::any, leave_unreadable},
};

struct Case {
    Origin origin;
    bool is_there, is_populated;  // the destination
    bool no_link;
};

constexpr bool fits(Destination destination, const Case& of)
{
    switch (destination) {
        case Destination::absent:
            return !of.is_there;
        case Destination::present:
            return of.is_there;
        case Destination::vacant:
            return !of.is_populated;
        case Destination::populated:
            return of.is_populated;
        case Destination::any:
            break;
    }
    return true;
}

constexpr bool fits(const TableRow& row, const Case& of)
{
    return row.origin == of.origin && fits(row.destination, of) &&
           (row.link == Link::any || (row.link == Link::unwanted) == of.no_link);
}

constexpr bool has_one_row(const Case& of)
{
    return std::ranges::count_if(decision_table, [&](const TableRow& row) { return fits(row, of); }) == 1;
}

constexpr bool have_one_row(Origin origin, bool no_link)
{
    return has_one_row({origin, false, false, no_link}) && has_one_row({origin, true, false, no_link}) &&
           has_one_row({origin, true, true, no_link});
}

constexpr bool each_case_has_one_row()
{
    for (int origin = 0; origin <= static_cast<int>(Origin::unreadable); ++origin)
        if (!have_one_row(static_cast<Origin>(origin), false) || !have_one_row(static_cast<Origin>(origin), true))
            return false;
    return true;
}
static_assert(each_case_has_one_row());

const TableRow& row_for(const EntryFacts& facts)
{
    const Case of{facts.seen.origin, facts.is_there, facts.is_populated, facts.options.no_link};
    return *std::ranges::find_if(decision_table, [&](const TableRow& row) { return fits(row, of); });
}

}  // namespace

Choice decide(const EntryFacts& facts)
{
    if (std::optional<Choice> refused = refuse_destination(facts)) return std::move(*refused);
    Choice choice = with_leftovers(facts, row_for(facts).choose(facts));
    for (const auto rule : {refuse_memory, access_as_user, refuse_not_kept, refuse_lacking, spare_owners})
        choice = rule(facts, std::move(choice));
    return choice;
}

}  // namespace mailstate
