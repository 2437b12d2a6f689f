// SPDX-License-Identifier: MIT
// What the rows of the decision table look at: what was seen of one entry, and what follows from that and the ledger.
#pragma once

#include "mailstate/model/plan.hpp"

namespace mailstate {

struct EntryFacts {
    const Survey& survey;
    const PlanOptions& options;
    const Entry& entry;
    const EntrySurvey& seen;
    std::string destination;  // absolute, as seen from inside

    // The destination belongs to the service's own user, and root may not give files away there, or not even look.
    bool is_users_place = false;
    const LedgerEntry* record = nullptr;  // null: the ledger does not know the entry
    std::optional<Phase> phase{};         // of the record
    bool was_rolled_back = false;         // in this container

    // Of a destination that can be used:
    bool is_there = false;
    bool is_unfinished = false;  // an interrupted run was filling it
    bool is_populated = false;   // by anything else than an interrupted run
    Likeness likeness = Likeness::different;

    bool is_put_back = false;  // what was at the origin before takes the place of the link again
};

EntryFacts entry_facts(const Survey& survey, const Layout& layout, const PlanOptions& options, const Entry& entry);

// Of the filesystem that holds the destination. as_user: the user that accesses it, where that is not root.
const Capabilities& capabilities_of(const EntryFacts& facts, const std::optional<Owner>& as_user);

std::string describe_origin(const EntryFacts& facts);  // "the origin is a directory"; of a directory or a file
Amount amount_at_origin(const EntryFacts& facts);      // none where it was not measured

}  // namespace mailstate
