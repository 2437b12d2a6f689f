// SPDX-License-Identifier: MIT
#include "fuzz/target.hpp"
#include "model/earlier.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const History history = parse_history(text_of(data, size));
    for (const HistoryRun& run : history.runs) {
        const Result<RunRecord> again = parse_run("again", to_json_line(run.record));
        promise(static_cast<bool>(again), "what was written can be read");
        promise(*again == run.record, "what was written is read as it was");
        (void)state_before(history, run.number);
    }
    return 0;
}
