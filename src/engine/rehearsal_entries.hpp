// SPDX-License-Identifier: MIT
// Which entries of a plan can be rehearsed on a clone, how large they are, and what room that takes.
#pragma once

#include "engine/clone_world.hpp"
#include "engine/forecast.hpp"
#include "mailstate/engine/rehearsal.hpp"
#include "model/planning.hpp"

namespace mailstate {

struct CloneEntry {
    std::size_t index = 0;  // in the plan
    const Entry* entry = nullptr;
    TreeSize origin, destination;  // of the originals
    Sample sample;
    TreeSize origin_part, destination_part;  // of what the sample takes
    ClonedEntry cloned;
};

struct Candidates {
    std::vector<CloneEntry> entries;
    std::vector<std::string> left_out;  // sentences
    PlanOptions options;  // that the run on the clone has: without mounts, without links where none can be
};

// ECANCELED, or what keeps the volume from being looked at.
Result<Candidates> find_candidates(const World& world, const Survey& survey, const Plan& plan,
                                   const RehearsalOptions& options);

// Twice what is cloned: the clone, and beside it what apply stages, or roll back.
Room room_for(const std::vector<CloneEntry>& entries);

Load whole_of(const CloneEntry& entry);
Load part_of(const CloneEntry& entry);

}  // namespace mailstate
