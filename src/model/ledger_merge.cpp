// SPDX-License-Identifier: MIT
// Two runs have written from the same ledger: each change of ours goes on top of theirs, entry by entry. An entry that
// both have changed is as ours says, as if we had come after them; no decision rests on that word alone.
#include <algorithm>

#include "mailstate/model/ledger.hpp"

namespace mailstate {

namespace {

template <class Map>
void merge_map(const Map& base, const Map& ours, Map& theirs)
{
    for (const auto& [name, value] : ours) {
        const auto before = base.find(name);
        if (before == base.end() || !(before->second == value)) theirs.insert_or_assign(name, value);
    }
    for (const auto& [name, value] : base)
        if (!ours.contains(name)) theirs.erase(name);
}

template <class T>
void merge_value(const T& base, const T& ours, T& theirs)
{
    if (!(ours == base)) theirs = ours;
}

std::map<std::string, EntryChange> by_entry(const std::vector<EntryChange>& changes)
{
    std::map<std::string, EntryChange> map;
    for (const EntryChange& change : changes) map.insert_or_assign(change.entry, change);
    return map;
}

void merge_changes(const Ledger& base, const Ledger& ours, Ledger& theirs)
{
    auto merged = by_entry(theirs.unrecorded);
    merge_map(by_entry(base.unrecorded), by_entry(ours.unrecorded), merged);
    theirs.unrecorded.clear();
    for (auto& [name, change] : merged) theirs.unrecorded.push_back(std::move(change));
}

void merge_runs(const Ledger& base, const Ledger& ours, Ledger& theirs)
{
    for (const RunRecord& run : ours.runs)
        if (std::ranges::find(base.runs, run) == base.runs.end()) theirs.runs.push_back(run);
    if (theirs.runs.size() > runs_kept)
        theirs.runs.erase(theirs.runs.begin(), theirs.runs.end() - static_cast<std::ptrdiff_t>(runs_kept));
}

// Whose numbers are whose: no two of these make one.
bool merge_numbers(const Ledger& base, const Ledger& ours, Ledger& theirs)
{
    const auto same = [](const Ledger& a, const Ledger& b) {
        return a.identities == b.identities && a.translation == b.translation;
    };
    if (same(ours, base) || same(ours, theirs)) return true;
    if (!same(theirs, base)) return false;
    theirs.identities = ours.identities;
    theirs.translation = ours.translation;
    return true;
}

}  // namespace

std::optional<Ledger> merge(const Ledger& base, const Ledger& ours, Ledger theirs)
{
    if (!merge_numbers(base, ours, theirs)) return std::nullopt;
    merge_value(base.tool_version, ours.tool_version, theirs.tool_version);
    merge_value(base.layout_name, ours.layout_name, theirs.layout_name);
    merge_value(base.layout_version, ours.layout_version, theirs.layout_version);
    merge_map(base.entries, ours.entries, theirs.entries);
    for (const std::string& name : ours.interrupted)
        if (!base.interrupted.contains(name)) theirs.interrupted.insert(name);
    for (const std::string& name : base.interrupted)
        if (!ours.interrupted.contains(name)) theirs.interrupted.erase(name);
    merge_map(base.not_kept, ours.not_kept, theirs.not_kept);
    merge_value(base.capabilities, ours.capabilities, theirs.capabilities);
    merge_value(base.volume, ours.volume, theirs.volume);
    merge_map(base.mounts, ours.mounts, theirs.mounts);
    merge_changes(base, ours, theirs);
    merge_runs(base, ours, theirs);
    return theirs;
}

}  // namespace mailstate
