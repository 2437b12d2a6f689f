// SPDX-License-Identifier: MIT
// The history: what each run changed, <volume>/.mailstate/history.jsonl. A run's number is that of its line, which
// never changes: lines are only added.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mailstate/model/ledger.hpp"

namespace mailstate {

struct HistoryRun {
    std::uint64_t number = 0;
    RunRecord record;
};

struct BadLine {  // a power cut may leave half a line; it is skipped
    std::uint64_t number = 0;
    Error error;
};

struct History {
    std::vector<HistoryRun> runs;  // the oldest first
    std::vector<BadLine> bad;
    // Of a run that was interrupted before it could write its line; the next run's line has them.
    std::vector<EntryChange> unrecorded;
};

History parse_history(std::string_view text);  // of any bytes

}  // namespace mailstate
