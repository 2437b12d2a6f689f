// SPDX-License-Identifier: MIT
// One entry's way back from the volume to its origin, and again to the volume.
#pragma once

#include "engine/copy_tree.hpp"
#include "engine/run.hpp"
#include "mailstate/model/rollback_plan.hpp"

namespace mailstate {

// Snapshots and wastebaskets of the destination stay on the volume. In what was set aside they are the origin's
// content.
inline StorageNames storage_names_of(const ReturnSurvey& way)
{
    return way.displaced.empty() ? StorageNames::stay : StorageNames::content;
}

struct RollbackRun {
    const World& world;
    Writer& writer;
    Workspace& workspace;
    Content content;  // yes: the copy is compared by its content, too
    bool* midway;     // set where an origin is neither a link nor rolled back
};

// Stage beside the origin, compare, sync, write the record and the ledger, exchange with the link, remove the link.
// What fails before the exchange leaves everything as it was.
Result<Done> roll_back_entry(const RollbackRun& run, const Entry& entry, const ReturnSurvey& way);

}  // namespace mailstate
