// SPDX-License-Identifier: MIT
#include "app/output/plan_text.hpp"

#include "app/output/outcome_text.hpp"
#include "app/output/run_text.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// What the summary of the entries does not tell.
std::string other_changes(const Plan& plan, const RunView& view)
{
    std::uint64_t owners = 0, stale = 0, aside = 0;
    for (const EntryLine& entry : view.entries) {
        owners += entry.owners;
        stale += entry.stale;
        aside += entry.set_aside.names;
    }
    std::string text;
    if (owners > 0) text += ", owner or mode of " + human_count(owners, "file", "files") + " to correct";
    if (stale > 0) text += ", " + human_count(stale, "stale file", "stale files") + " to remove";
    if (aside > 0) text += ", " + human_count(aside, "name", "names") + " to set aside";
    if (plan.renumber) text += ", renumbered owners to translate";
    if (plan.sweep) text += ", leftovers of an unfinished run to remove";
    if (plan.record) text += ", the ledger to update";
    return text;
}

}  // namespace

std::string plan_text(const RunView& view, Paint paint)
{
    return page_text(view, Tense::would, paint) + "\n";
}

std::string plan_summary(std::string_view command, const Plan& plan, const RunView& view, const std::string& next)
{
    const std::string label = std::string(command) + ": ";
    if (plan.blocked) return label + "blocked, nothing would be changed; the errors above say why";
    if (plan.nothing_to_do) return label + no_volume_text(plan.state_dir);
    const std::string summary = label + summary_text(view.entries, Tense::would) + other_changes(plan, view);
    if (!has_changes(plan)) return summary + "; there is nothing to change";
    return summary + "; nothing was changed" + (next.empty() ? "" : "\nNext: " + next);
}

}  // namespace mailstate
