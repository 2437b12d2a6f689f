// SPDX-License-Identifier: MIT
#include "mailstate/plan.hpp"

namespace mailstate {

std::string_view name_of(Decision decision)
{
    switch (decision) {
        case Decision::in_place:
            return "in-place";
        case Decision::restore:
            return "restore";
        case Decision::link:
            return "link";
        case Decision::create:
            return "create";
        case Decision::move:
            return "move";
        case Decision::keep_destination:
            return "keep-destination";
        case Decision::prepare:
            return "prepare";
        case Decision::keep_unlinked:
            return "keep-unlinked";
        case Decision::adopt:
            return "adopt";
        case Decision::refresh:
            return "refresh";
        case Decision::roll_back:
            return "roll-back";
        case Decision::leave_alone:
            return "leave-alone";
        case Decision::disabled:
            return "disabled";
    }
    return "unknown";
}

bool is_copied(Decision decision)
{
    return decision == Decision::move || decision == Decision::prepare || decision == Decision::adopt ||
           decision == Decision::refresh;
}

bool is_on_volume(Decision decision)
{
    return decision == Decision::in_place || decision == Decision::keep_unlinked || changes_something(decision);
}

bool changes_something(Decision decision)
{
    switch (decision) {
        case Decision::in_place:
        case Decision::keep_unlinked:
        case Decision::leave_alone:
        case Decision::disabled:
            return false;
        case Decision::restore:
        case Decision::link:
        case Decision::create:
        case Decision::move:
        case Decision::keep_destination:
        case Decision::prepare:
        case Decision::adopt:
        case Decision::refresh:
        case Decision::roll_back:
            break;
    }
    return true;
}

}  // namespace mailstate
