// SPDX-License-Identifier: MIT
// What was set aside in <volume>/.mailstate/displaced: seen, put back, and given up. Nothing of it is ever written over
// anything, and it goes only by prune.
#pragma once

#include <string>
#include <vector>

#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct DisplacedItem {
    std::string id;       // its name in displaced, "20261121T020635Z-redis.0123456789abcdef"
    std::string entry;    // by its manifest, else by its name
    std::string created;  // UTC
    Kind kind = Kind::directory;
    bool whole = false;         // a whole destination that made room; else only what the destination lacked
    TreeSize size;              //
    std::string path;           // as seen from inside
    bool has_manifest = false;  // beside it; a broken one counts
    bool operator==(const DisplacedItem&) const = default;
};

std::string why_displaced(const DisplacedItem& item);  // "what only the origin had, or had with other content"

// Takes no lock and changes nothing. The oldest first; what cannot be counted as one of ours is a finding.
Result<std::vector<DisplacedItem>> list_displaced(const World& world, std::vector<Finding>& findings);

struct DisplacedReport {
    Report run;                        // outcome, changes and findings; no plan and no entries
    std::vector<DisplacedItem> items;  // that are concerned
    bool would = false;                // nothing was done: it was only asked
};

struct RestoreOptions {
    std::string id;
    std::string into;           // absolute, normalised; empty: the entry's destination
    bool allow_in_use = false;  // in place, under a service that runs
    std::chrono::milliseconds lock_timeout{60'000};
    std::string version;  // of this program, for the ledger
};

// A copy is staged, compared by its content and synced, then takes its place in one step; what is displaced stays. In
// place of a destination that holds something: that is set aside in the same step. A kill leaves the place as it was or
// as it is wanted (without an exchange of names, as on NFS, the destination may be absent: both are in displaced then).
DisplacedReport restore_displaced(const World& world, Writer& writer, const RestoreOptions& options);
DisplacedReport plan_restore(const World& world, const RestoreOptions& options);

struct PruneOptions {  // one of three: these, those made before a time, all
    std::vector<std::string> ids;
    std::string older_than;         // than this time, UTC; empty: of any age
    std::vector<std::string> only;  // of these entries; empty: of all
    std::chrono::milliseconds lock_timeout{60'000};
    std::string version;  // of this program, for the ledger
};

// A kill leaves each item whole in displaced, or in staging, from where the next prune or apply removes it.
DisplacedReport prune_displaced(const World& world, Writer& writer, const PruneOptions& options);
DisplacedReport plan_prune(const World& world, const PruneOptions& options);

}  // namespace mailstate
