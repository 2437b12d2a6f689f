// SPDX-License-Identifier: MIT
#include "mailstate/model/ledger.hpp"

#include <algorithm>

namespace mailstate {

std::string_view name_of(Phase phase)
{
    switch (phase) {
        case Phase::publishing:
            return "publishing";
        case Phase::published:
            return "published";
        case Phase::linked:
            return "linked";
        case Phase::adopted:
            return "adopted";
        case Phase::rolled_back:
            return "rolled-back";
    }
    return "unknown";
}

EntryChange& change_of(Ledger& ledger, const std::string& entry)
{
    const auto known = std::ranges::find(ledger.unrecorded, entry, &EntryChange::entry);
    if (known != ledger.unrecorded.end()) return *known;
    EntryChange change;
    change.entry = entry;
    const auto found = ledger.entries.find(entry);
    if (found != ledger.entries.end()) change.before = change.after = found->second.phase;
    return ledger.unrecorded.emplace_back(std::move(change));
}

}  // namespace mailstate
