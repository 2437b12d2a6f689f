// SPDX-License-Identifier: MIT
// The rows of the decision table where no link is to be made: --no-link, whose links are another container's, and
// --from-root, whose origins are those of a container that was, and stay as they are.
#pragma once

#include "mailstate/model/plan.hpp"
#include "model/choice.hpp"

namespace mailstate {

struct Unlinked {                  // what the ledger and the volume say of an entry
    bool is_there = false;         // the destination
    bool is_populated = false;     // and no run was cut off while it filled it
    bool is_recorded = false;      // as published or linked
    bool was_rolled_back = false;  // in this container
};

// Of an origin that is a directory or a file.
Choice decide_present_unlinked(const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
                               const Unlinked& state);
// Nothing: as where a link may be made.
std::optional<Choice> decide_absent_unlinked(const PlanOptions& options, const Entry& entry, const Unlinked& state);

// Of an origin below another root that is a link to a volume which that root had, and which is not this one.
Finding lost_with_its_volume(const PlanOptions& options, const Entry& entry);

}  // namespace mailstate
