// SPDX-License-Identifier: MIT
#include "model/earlier.hpp"

#include <algorithm>

namespace mailstate {

namespace {

Failure unknown_run(const History& history, std::uint64_t run)
{
    const std::string which = "run " + std::to_string(run);
    if (std::ranges::find(history.bad, run, &BadLine::number) != history.bad.end())
        return fail(text_error(which, "its line in the history cannot be read", "Name a run before or after it."));
    if (history.runs.empty())
        return fail(text_error(which, "the history of this volume has no runs",
                               "Without --before, 'mailstate rollback' puts everything back."));
    return fail(text_error(which,
                           "the history has no such run, but " + std::to_string(history.runs.front().number) + " to " +
                               std::to_string(history.runs.back().number),
                           "See 'mailstate history'."));
}

bool was_on_volume(const EntryChange& change)
{
    return change.before == Phase::linked || change.before == Phase::published;
}

void add(const std::vector<EntryChange>& changes, Earlier& earlier)
{
    for (const EntryChange& change : changes) {
        const auto [place, is_first] = earlier.entries.try_emplace(change.entry);
        EntryBefore& before = place->second;
        if (is_first) before.on_volume = was_on_volume(change);
        if (is_first) before.fingerprint = change.fingerprint;
        before.displaced.insert(before.displaced.end(), change.displaced.begin(), change.displaced.end());
    }
}

}  // namespace

const EntryBefore* entry_before(const std::optional<Earlier>& earlier, const std::string& entry)
{
    if (!earlier) return nullptr;
    const auto found = earlier->entries.find(entry);
    return found == earlier->entries.end() ? nullptr : &found->second;
}

Result<Earlier> state_before(const History& history, std::uint64_t run)
{
    if (std::ranges::find(history.runs, run, &HistoryRun::number) == history.runs.end())
        return unknown_run(history, run);
    Earlier earlier;
    earlier.run = run;
    for (const HistoryRun& each : history.runs) {
        if (each.number < run) continue;
        if (!each.record.entries && !each.record.changes.empty())
            return fail(text_error("run " + std::to_string(each.number),
                                   "was recorded by a version that did not record the outcome of each entry",
                                   "Name a later run, or put everything back: 'mailstate rollback' without --before."));
        if (each.record.entries) add(*each.record.entries, earlier);
    }
    add(history.unrecorded, earlier);
    return earlier;
}

}  // namespace mailstate
