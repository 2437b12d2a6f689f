// SPDX-License-Identifier: MIT
#include "app/run_text.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

struct Total {
    std::uint64_t entries = 0;
    Amount amount;
};

Total total_of(const std::vector<EntryLine>& entries, Decision decision)
{
    Total total;
    for (const EntryLine& entry : entries) {
        if (entry.decision != decision) continue;
        ++total.entries;
        total.amount += entry.amount;
    }
    return total;
}

}  // namespace

std::string summary_text(const std::vector<EntryLine>& entries, Tense tense)
{
    std::string text;
    for (const DecisionRow& row : decision_rows) {
        const Total total = total_of(entries, row.decision);
        if (total.entries == 0) continue;
        text += text.empty() ? human_count(total.entries, "entry", "entries") : ", " + std::to_string(total.entries);
        text.append(" ").append(tense == Tense::would ? row.planned : row.done);
        if (brings_content(row.decision) && total.amount.files > 0)
            text +=
                " (" + human_count(total.amount.files, "file", "files") + ", " + human_bytes(total.amount.bytes) + ")";
    }
    return text.empty() ? "no entries" : text;
}

}  // namespace mailstate
