// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/output/outcome_text.hpp"
#include "app/output/palette.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/rehearsal_output.hpp"
#include "app/output/run_text.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t label_column = 16;

std::string row(std::string_view label, std::string_view text)
{
    return "  " + padded(label, label_column - 2) + wrapped(text, label_column, label_column);
}

Colour colour_of(StepOutcome outcome)
{
    if (outcome == StepOutcome::failed) return Colour::red;
    return outcome == StepOutcome::done ? Colour::green : Colour::grey;
}

std::string steps_text(const Rehearsal& rehearsal, Paint paint)
{
    if (rehearsal.steps.empty()) return {};
    std::string text = "\nRehearsed\n";
    for (const RehearsalStep& step : rehearsal.steps)
        text += "  " + padded(step.name, label_column - 2) +
                painted(name_of(step.outcome), colour_of(step.outcome), paint) + "  " + seconds_text(step.seconds) +
                "\n";
    return text;
}

std::string forecast_text(const Rehearsal& rehearsal)
{
    std::string text;
    const std::string about = rehearsal.sample ? "about " : "";
    if (rehearsal.first_start)
        text += row("first start", about + seconds_text(*rehearsal.first_start) + ", copies " +
                                       human_count(rehearsal.amount.files, "file", "files") + ", " +
                                       human_bytes(rehearsal.amount.bytes));
    if (rehearsal.later_start) text += row("later starts", about + seconds_text(*rehearsal.later_start));
    if (!rehearsal.plan.nothing_to_do)
        text += row("space", "needs " + human_bytes(rehearsal.space.needed) + " of " +
                                 human_bytes(rehearsal.space.free) + " that are free on the volume; " +
                                 human_bytes(rehearsal.space.headroom) + " are kept free");
    return text.empty() ? text : "\nThe real run\n" + text;
}

std::string not_rehearsed_text(const Rehearsal& rehearsal)
{
    if (rehearsal.not_rehearsed.empty()) return {};
    std::string text = "\nNot rehearsed\n";
    for (const std::string& sentence : rehearsal.not_rehearsed)
        text += "  " + wrapped(escape(sentence, Backslash::keep), 4, 2);
    return text;
}

std::string what_was_written(const Rehearsal& rehearsal)
{
    return std::string("only the scratch directory was written, and ") +
           (rehearsal.scratch_is_gone ? "it was removed" : "it could not be removed completely: see above");
}

// Is there something to be done at it that no clone could show?
bool is_judged_by_the_plan_alone(const RehearsedEntry& entry)
{
    const Decision decision = entry.planned.decision;
    return !entry.rehearsed && decision != Decision::disabled && decision != Decision::leave_alone;
}

std::string names_of_undone(const Rehearsal& rehearsal)
{
    std::string names;
    for (const RehearsedEntry& entry : rehearsal.entries)
        if (entry.undone) names += (names.empty() ? "" : ", ") + printable(entry.planned.name);
    return names;
}

std::string conclusion(const Rehearsal& rehearsal)
{
    switch (rehearsal.outcome) {
        case Outcome::done:
            break;
        case Outcome::locked:
            return "another run holds the lock; try again later, or wait longer with --lock-timeout";
        case Outcome::interrupted:
            return "interrupted; " + what_was_written(rehearsal);
        default:
            return std::string("the upgrade could not be rehearsed; the errors above say why. ") +
                   (rehearsal.scratch_is_gone ? "Nothing was changed" : what_was_written(rehearsal));
    }
    if (rehearsal.plan.nothing_to_do) return no_volume_text(rehearsal.plan.state_dir);
    const auto uncloned = std::ranges::count_if(rehearsal.entries, &RehearsedEntry::uncloned);
    const auto undone = std::ranges::count_if(rehearsal.entries, &RehearsedEntry::undone);
    const bool failed = std::ranges::any_of(
        rehearsal.steps, [](const RehearsalStep& step) { return step.outcome == StepOutcome::failed; });
    if (failed) return "the upgrade would leave problems; the errors above name them";
    if (uncloned > 0)
        return human_count(static_cast<std::uint64_t>(uncloned), "entry", "entries") +
               " could not be cloned, so the rehearsal cannot tell what the real run would do there";
    if (undone > 0)
        return "the real run would leave " + human_count(static_cast<std::uint64_t>(undone), "entry", "entries") +
               " undone: " + names_of_undone(rehearsal);
    const bool in_part = std::ranges::any_of(rehearsal.entries, is_judged_by_the_plan_alone);
    return std::string(in_part ? "the real run would complete everything that was rehearsed; "
                               : "the real run would complete everything that is planned; ") +
           what_was_written(rehearsal);
}

}  // namespace

RunView view_of(const Rehearsal& rehearsal, std::optional<FilesystemFacts> volume)
{
    RunView view = view_of(rehearsal.plan, std::move(volume));
    for (std::size_t i = 0; i < view.entries.size(); ++i) {
        const std::optional<EntryReport>& rehearsed = rehearsal.entries[i].rehearsed;
        if (!rehearsed) continue;
        view.entries[i].owners = rehearsed->owners_changed;
        view.entries[i].displaced = rehearsed->displaced;
        view.entries[i].displaced_to = rehearsed->displaced_to;
    }
    view.findings = by_severity(rehearsal.findings);
    return view;
}

std::string rehearsal_text(const Rehearsal& rehearsal, const RunView& view, Paint paint)
{
    return page_text(view, Tense::would, paint) + steps_text(rehearsal, paint) + forecast_text(rehearsal) +
           not_rehearsed_text(rehearsal) + "\n";
}

std::string rehearsal_summary(const Rehearsal& rehearsal)
{
    return "rehearse: " + conclusion(rehearsal);
}

}  // namespace mailstate
