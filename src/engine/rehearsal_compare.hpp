// SPDX-License-Identifier: MIT
// After apply and roll back, is everything as it was in the beginning, but for what the rules put right?
#pragma once

#include "engine/sample.hpp"
#include "engine/tree_walk.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

struct Beginning {
    const World& real;     // where it began
    const World& clone;    // where it ended
    const Survey& survey;  // of the beginning
    const PlanEntry& planned;
    bool owned;  // were owners and modes put right
    const Sample& sample;
    bool linked = true;                         // and rolled back; else the destination is looked at
    bool coarse_times = false;                  // the clone's filesystem does not keep nanoseconds
    std::optional<Owner> owner = std::nullopt;  // whose everything in the clone is
};

// Does a decision leave something that there was in the beginning? What apply makes anew has no beginning.
bool has_beginning(Decision decision);
// Which of the two it was: an origin that is moved, or a destination that wins.
bool begins_at_origin(Decision decision);

// Contents, kinds, owners, modes, times, extended attributes and hard links. EBUSY with the first difference.
Result<> compare_with_beginning(const Beginning& beginning, const Entry& entry);

}  // namespace mailstate
