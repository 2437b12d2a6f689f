// SPDX-License-Identifier: MIT
// The plan of a roll back: what goes back from the volume to the origins, and what is left alone.
#pragma once

#include <map>
#include <string>

#include "mailstate/plan.hpp"

namespace mailstate {

struct ReturnSurvey {            // what an entry's way back needs
    TreeSize size;               // of the destination
    std::string in_use_by;       // the process that holds the destination open; empty: none
    FilesystemFacts filesystem;  // that holds the origin's name
    std::uint64_t device = 0;    // of it
};
using RollbackSurvey = std::map<std::string, ReturnSurvey>;  // by entry name; those that could be rolled back

// Pure. Entries whose services are off are rolled back, too, where their origin is a link: give it a survey of all.
Plan make_rollback_plan(const Survey& survey, const RollbackSurvey& returns, const Layout& layout,
                        const PlanOptions& options);

}  // namespace mailstate
