// SPDX-License-Identifier: MIT
// Roll back: the volume's state is copied to real directories and files at the origins, for a version that knows
// nothing of the volume. The volume keeps its copy.
//
// Beside an origin /var/lib/redis stands, for root alone, /var/lib/.mailstate.rollback-redis/:
//
//   state    the copy, until it and the link change places; then that link, which is removed
//   record   a name of this roll back that the ledger has, too. It stays until the origin is a link again: it tells the
//            origin that was rolled back, and used since, from the pristine one of another container
#pragma once

#include "mailstate/engine/engine.hpp"
#include "mailstate/model/rollback_plan.hpp"

namespace mailstate {

struct RollbackOptions {
    PlanOptions plan;
    std::optional<std::uint64_t> before;  // to the state right before this run of the history; nothing: all goes back
    bool allow_in_use = false;            // under services that run
    bool verify_content = false;
    std::chrono::milliseconds lock_timeout{60'000};
    std::string version;                                  // of this program, for the ledger
    std::function<void(const std::string& line)> said;    // each change as it is done
    std::function<void(const std::string& line)> begins;  // a step that may take long
};

// Looks and plans; changes nothing.
Result<Plan> plan_rollback(const World& world, const RollbackOptions& options);

// Errors are in the report: outcome and findings. A kill at any point leaves the origin a link, or what was rolled back
// in its place, or (where the filesystem has no exchange) absent with the destination whole; a second run finishes, and
// so does an apply, which goes back to the volume.
Report roll_back(const World& world, Writer& writer, const RollbackOptions& options);

}  // namespace mailstate
