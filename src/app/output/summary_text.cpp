// SPDX-License-Identifier: MIT
#include "app/output/run_text.hpp"
#include "engine/entry_outcome.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

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
    for (const EntryOutcomeRow& row : entry_outcome_rows)
        append(text, total_of(entries, [&](const EntryLine& entry) { return entry.outcome == row.outcome; }), row.words,
               true);
    return text.empty() ? "no entries" : text;
}

}  // namespace mailstate
