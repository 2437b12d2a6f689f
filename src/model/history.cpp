// SPDX-License-Identifier: MIT
#include "mailstate/model/history.hpp"

#include <algorithm>

namespace mailstate {

History parse_history(std::string_view text)
{
    History history;
    for (std::uint64_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        Result<RunRecord> run = parse_run("history.jsonl", line);
        if (run)
            history.runs.push_back({number, std::move(*run)});
        else
            history.bad.push_back({number, run.error()});
    }
    return history;
}

}  // namespace mailstate
