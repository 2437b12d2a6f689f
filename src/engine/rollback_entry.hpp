// SPDX-License-Identifier: MIT
// One entry's way back from the volume to its origin, and again to the volume.
#pragma once

#include "engine/entry_move.hpp"
#include "mailstate/rollback.hpp"

namespace mailstate {

// Beside an origin /var/lib/redis: ".mailstate.rollback-redis". No origin's temporary_name() can be the same.
std::string rollback_name(const std::string& origin_name);
inline constexpr const char* rollback_state = "state";
inline constexpr const char* rollback_record = "record";

struct RollbackRun {
    const World& world;
    Writer& writer;
    Workspace& workspace;
    const RollbackOptions& options;
    bool* midway;  // set where an origin is neither a link nor rolled back
};

// Stage beside the origin, compare, sync, write the record and the ledger, exchange with the link, remove the link.
// What fails before the exchange leaves everything as it was.
Result<Done> roll_back_entry(const RollbackRun& run, const Entry& entry, const ReturnSurvey& way);

// The destination, or what was set aside under that name.
Result<Spot> find_returning(const World& world, const Entry& entry, const std::string& displaced);
// The link that a roll back took away, where a kill kept it from being removed.
Result<> finish_rollback(const World& world, Writer& writer, const Spot& origin);

// Once the origin is a link again: the record has no more to tell.
Result<> remove_rollback(const World& world, Writer& writer, const Spot& origin);

}  // namespace mailstate
