// SPDX-License-Identifier: MIT
// What the history says of the time right before one of its runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mailstate/model/history.hpp"

namespace mailstate {

struct EntryBefore {                     // an entry that was changed since
    bool on_volume = false;              // it was there already
    std::string fingerprint;             // of the origin as it was then; empty: not known
    std::vector<std::string> displaced;  // what was set aside since: names below .mailstate/displaced
    bool operator==(const EntryBefore&) const = default;
};

struct Earlier {
    std::uint64_t run = 0;
    std::map<std::string, EntryBefore> entries;  // by name; those that this run or a later one changed
};

// Null where no run changed the entry since, or where no run was named.
const EntryBefore* entry_before(const std::optional<Earlier>& earlier, const std::string& entry);

// Error: there is no such run, or one from then on does not say what became of each entry.
Result<Earlier> state_before(const History& history, std::uint64_t run);

}  // namespace mailstate
