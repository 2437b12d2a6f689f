// SPDX-License-Identifier: MIT
#include "app/plan_text.hpp"

#include "app/outcome_text.hpp"
#include "app/paragraph.hpp"
#include "app/run_text.hpp"
#include "mailstate/text.hpp"

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
    if (owners > 0) text += ", owner or mode of " + human_count(owners, "file", "files") + " to put right";
    if (stale > 0) text += ", " + human_count(stale, "stale name", "stale names") + " to remove";
    if (aside > 0) text += ", " + human_count(aside, "name", "names") + " to set aside";
    if (plan.renumber) text += ", renumbered owners to translate";
    if (plan.sweep) text += ", leftovers of an unfinished run to remove";
    if (plan.record) text += ", the ledger to bring up to date";
    return text;
}

std::string next_step(std::string_view command, const std::string& saved_to)
{
    if (!saved_to.empty()) return "Next: mailstate apply --plan " + printable(saved_to);
    if (command == "plan") return "Next: mailstate apply, with the same options";
    return "Next: the same command without --dry-run";
}

}  // namespace

std::string plan_text(std::string_view command, const Plan& plan, const RunView& view, const std::string& saved_to,
                      Paint paint)
{
    const std::string label = std::string(command) + ": ";
    std::string text = page_text(view, Tense::would, paint) + "\n";
    if (plan.blocked) return text + wrapped(label + "blocked, nothing would be changed; the errors above say why", 2);
    if (plan.nothing_to_do) return text + wrapped(label + no_volume_text(plan.state_dir), 2);
    const std::string summary = label + summary_text(view.entries, Tense::would) + other_changes(plan, view);
    if (!has_changes(plan)) return text + wrapped(summary + "; there is nothing to change", 2);
    return text + wrapped(summary + "; nothing was changed", 2) + next_step(command, saved_to) + "\n";
}

}  // namespace mailstate
