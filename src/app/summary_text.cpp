// SPDX-License-Identifier: MIT
#include <array>
#include <utility>

#include "app/run_text.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr std::array<std::pair<EntryOutcome, std::string_view>, 11> outcome_words{{
    {EntryOutcome::moved, "moved"},
    {EntryOutcome::linked, "linked"},
    {EntryOutcome::set_aside, "linked, with content set aside"},
    {EntryOutcome::created, "created"},
    {EntryOutcome::copied, "copied"},
    {EntryOutcome::rolled_back, "rolled back"},
    {EntryOutcome::in_place, "in place"},
    {EntryOutcome::left_alone, "left alone"},
    {EntryOutcome::failed, "failed"},
    {EntryOutcome::not_reached, "not reached"},
    {EntryOutcome::disabled, "disabled"},
}};

struct Total {
    std::uint64_t entries = 0;
    Amount amount;
};

template <class Predicate>
Total total_of(const std::vector<EntryLine>& entries, Predicate is_counted)
{
    Total total;
    for (const EntryLine& entry : entries) {
        if (!is_counted(entry)) continue;
        ++total.entries;
        total.amount += entry.amount;
    }
    return total;
}

void append(std::string& text, const Total& total, std::string_view words, bool with_content)
{
    if (total.entries == 0) return;
    text += text.empty() ? human_count(total.entries, "entry", "entries") : ", " + std::to_string(total.entries);
    text.append(" ").append(words);
    if (with_content && total.amount.files > 0)
        text += " (" + human_count(total.amount.files, "file", "files") + ", " + human_bytes(total.amount.bytes) + ")";
}

}  // namespace

std::string summary_text(const std::vector<EntryLine>& entries, Tense tense)
{
    std::string text;
    for (const DecisionRow& row : decision_rows)
        append(text, total_of(entries, [&](const EntryLine& entry) { return entry.decision == row.decision; }),
               tense == Tense::would ? row.planned : row.done, brings_content(row.decision));
    return text.empty() ? "no entries" : text;
}

std::string outcome_text(const std::vector<EntryLine>& entries)
{
    std::string text;
    for (const auto& row : outcome_words) {
        const auto is_it = [&](const EntryLine& entry) { return entry.outcome == row.first; };
        append(text, total_of(entries, is_it), row.second, true);
    }
    return text.empty() ? "no entries" : text;
}

}  // namespace mailstate
