// SPDX-License-Identifier: MIT
// Space: what is to be copied against what is free, on the volume and on destinations that are mounts of their own.
#include <algorithm>
#include <limits>
#include <map>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/planning.hpp"

namespace mailstate {

namespace {

constexpr std::uint64_t not_counted = std::numeric_limits<std::uint64_t>::max();  // as in FilesystemFacts

std::string in_words(const Room& room)
{
    if (room.inodes == not_counted) return human_bytes(room.bytes);
    return human_bytes(room.bytes) + " and " + human_count(room.inodes, "inode", "inodes");
}

void leave_for_space(PlanEntry& entry, std::string reason, Plan& plan)
{
    entry.decision = Decision::leave_alone;
    entry.ownership = false;
    plan.findings.push_back(make_finding("volume.no-space", entry.name, reason));
    entry.code = plan.findings.back().code;
    entry.reason = std::move(reason);
}

}  // namespace

Room room_of(const FilesystemFacts& filesystem, std::uint64_t headroom)
{
    if (filesystem.free_bytes == not_counted) return {not_counted, filesystem.free_inodes};
    return {filesystem.free_bytes > headroom ? filesystem.free_bytes - headroom : 0, filesystem.free_inodes};
}

std::optional<std::string> reserve(Room& left, const Room& needed, std::uint64_t headroom, const std::string& where)
{
    if (needed.bytes > left.bytes || needed.inodes > left.inodes)
        return "it needs " + in_words(needed) + ", " + where + " has " + in_words(left) + " to spare (" +
               human_bytes(headroom) + " are kept free)";
    if (left.bytes != not_counted) left.bytes -= needed.bytes;
    if (left.inodes != not_counted) left.inodes -= needed.inodes;
    return std::nullopt;
}

// What cannot be fetched again comes first; among equals the small ones, since more of them fit.
void reserve_space(const Layout& layout, const Survey& survey, Plan& plan)
{
    struct Copy {
        PlanEntry* entry;
        Room needed;
        int weight = 0;
    };
    std::vector<Copy> copies;
    for (PlanEntry& entry : plan.entries) {
        if (!is_copied(entry)) continue;
        const TreeSize size = survey.entries.at(entry.name).size.value_or(TreeSize{});
        copies.push_back({&entry, {size.bytes, size.files + size.directories}, entry_named(layout, entry.name).weight});
    }
    std::ranges::stable_sort(copies, {}, [](const Copy& copy) { return std::pair(-copy.weight, copy.needed.bytes); });

    const std::uint64_t headroom = survey.volume.headroom;
    Room volume = room_of(survey.volume.filesystem, headroom);
    for (const auto& [entry, needed, weight] : copies) {
        const EntrySurvey& seen = survey.entries.at(entry->name);
        Room own = room_of(seen.destination_filesystem, headroom);
        Room& left = seen.destination_mount ? own : volume;
        std::optional<std::string> shortage = reserve(left, needed, headroom, "the volume");
        if (shortage) leave_for_space(*entry, std::move(*shortage), plan);
    }
}

}  // namespace mailstate
