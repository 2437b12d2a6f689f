// SPDX-License-Identifier: MIT
#include "mailstate/model/decision.hpp"

#include <algorithm>

namespace mailstate {

std::string_view name_of(Movement movement)
{
    switch (movement) {
        case Movement::go:
            return "go";
        case Movement::back:
            return "back";
        case Movement::home:
            return "home";
        case Movement::stay:
            return "stay";
        case Movement::off:
            break;
    }
    return "off";
}

const DecisionRow& row_of(Decision decision)
{
    return *std::ranges::find(decision_rows, decision, &DecisionRow::decision);
}

std::string_view name_of(Decision decision)
{
    return row_of(decision).name;
}

std::optional<Decision> decision_named(std::string_view name)
{
    const auto* const row = std::ranges::find(decision_rows, name, &DecisionRow::name);
    if (row == decision_rows.end()) return std::nullopt;
    return row->decision;
}

bool changes_something(Decision decision)
{
    const Movement movement = row_of(decision).movement;
    return movement == Movement::go || movement == Movement::back;
}

bool is_on_volume(Decision decision)
{
    return row_of(decision).movement == Movement::home || changes_something(decision);
}

bool is_copied(Decision decision)
{
    return decision == Decision::move || decision == Decision::prepare || decision == Decision::adopt ||
           decision == Decision::refresh;
}

bool brings_content(Decision decision)
{
    return changes_something(decision) && decision != Decision::keep_destination && decision != Decision::set_aside;
}

}  // namespace mailstate
