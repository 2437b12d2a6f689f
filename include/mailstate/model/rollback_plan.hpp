// SPDX-License-Identifier: MIT
// The plan of a roll back: what goes back from the volume to the origins, and what is left alone.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "mailstate/model/plan.hpp"
#include "model/earlier.hpp"

namespace mailstate {

struct ReturnSurvey {              // what an entry's way back needs
    TreeSize size;                 // of what goes back
    std::string in_use_by;         // the processes that work in the destination; empty: none
    std::string displaced;         // what was set aside goes back, under this name, and not the destination's content
    FilesystemFacts filesystem;    // that holds the origin's name
    std::uint64_t device = 0;      // of it
    std::optional<Error> problem;  // the destination cannot be read as a whole: then nothing else counts
};
using RollbackSurvey = std::map<std::string, ReturnSurvey>;  // by entry name; those that could be rolled back

struct RollbackAim {
    std::optional<Earlier> earlier{};  // only what was changed since; nothing: all that is on the volume
    bool allow_in_use = false;         // under a service that runs, too
};

// Pure. Entries whose services are off are rolled back, too, where their origin is a link: give it a survey of all.
Plan make_rollback_plan(const Survey& survey, const RollbackSurvey& returns, const Layout& layout,
                        const PlanOptions& options, const RollbackAim& aim = {});

}  // namespace mailstate
