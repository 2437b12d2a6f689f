// SPDX-License-Identifier: MIT
#include <array>

#include "app/run_text.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

struct Wording {  // in the order of the summary
    Decision decision;
    std::string_view would, done;
};

constexpr std::array<Wording, 13> wordings{{
    {Decision::move, "to move", "moved"},
    {Decision::keep_destination, "to link to what the volume has", "linked to what the volume has"},
    {Decision::link, "to link", "linked"},
    {Decision::create, "to make", "made"},
    {Decision::restore, "to restore", "restored"},
    {Decision::prepare, "to prepare", "prepared"},
    {Decision::adopt, "to adopt", "adopted"},
    {Decision::refresh, "to refresh", "refreshed"},
    {Decision::roll_back, "to roll back", "rolled back"},
    {Decision::in_place, "in place", "in place"},
    {Decision::keep_unlinked, "on the volume", "on the volume"},
    {Decision::leave_alone, "left alone", "left alone"},
    {Decision::disabled, "disabled", "disabled"},
}};

struct Total {
    std::uint64_t entries = 0, files = 0, bytes = 0;
};

Total total_of(const std::vector<EntryLine>& entries, Decision decision)
{
    Total total;
    for (const EntryLine& entry : entries) {
        if (entry.decision != decision) continue;
        ++total.entries;
        total.files += entry.files;
        total.bytes += entry.bytes;
    }
    return total;
}

}  // namespace

std::string summary_text(const std::vector<EntryLine>& entries, Tense tense)
{
    std::string text;
    for (const Wording& wording : wordings) {
        const Total total = total_of(entries, wording.decision);
        if (total.entries == 0) continue;
        text += text.empty() ? human_count(total.entries, "entry", "entries") : ", " + std::to_string(total.entries);
        text.append(" ").append(tense == Tense::would ? wording.would : wording.done);
        if (brings_content(wording.decision) && total.files > 0)
            text += " (" + human_count(total.files, "file", "files") + ", " + human_bytes(total.bytes) + ")";
    }
    return text.empty() ? "no entries" : text;
}

}  // namespace mailstate
