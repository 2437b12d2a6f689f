// SPDX-License-Identifier: MIT
// How long the real run takes, from a run over a clone of which some entries are samples.
#pragma once

#include <vector>

namespace mailstate {

struct Lap {             // one entry's part of a run
    double seconds = 0;  // on the clone
    double scale = 1;    // the whole against the clone; 1 where it was cloned whole
};

// rest: what follows after the entries (owners, the record), of all of them together. What any entry takes, however
// small it is (syncs, the ledger), is not scaled: the shortest lap of one that was cloned whole says how much that is.
double forecast(const std::vector<Lap>& laps, const Lap& rest);

}  // namespace mailstate
