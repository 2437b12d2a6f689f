// SPDX-License-Identifier: MIT
#include "app/page/report_entry.hpp"

#include <algorithm>

#include "engine/entry_outcome.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

const EntryOutcomeRow* outcome_of(const Json& entry)
{
    const std::string name = text_of(entry, "outcome");
    const auto* const found = std::ranges::find(entry_outcome_rows, name, &EntryOutcomeRow::name);
    return found == entry_outcome_rows.end() ? nullptr : found;
}

bool has_outcome(const Json& entry, EntryOutcome outcome)
{
    const EntryOutcomeRow* row = outcome_of(entry);
    return row != nullptr && row->outcome == outcome;
}

// Of a rehearsal the clone's numbers, of a plan what it foretells, of a run what it did.
const Json& numbers_of(const Json& entry)
{
    const Json& rehearsed = member(entry, "rehearsed");
    return rehearsed.is_object() ? rehearsed : entry;
}

std::string with_blanks(std::string words)
{
    std::ranges::replace(words, '-', ' ');
    return words;
}

Html place(std::string_view class_name, std::string_view what, const std::string& path)
{
    return element_with("div", {{"class", "place " + std::string(class_name)}},
                        element("span", "hidden", what) + element("code", path));
}

}  // namespace

Movement movement_of(const Json& entry)
{
    if (has_outcome(entry, EntryOutcome::failed) || was_not_reached(entry)) return Movement::stay;
    const std::optional<Decision> decision = decision_named(text_of(entry, "decision"));
    return decision ? row_of(*decision).movement : Movement::stay;
}

std::string name_of_fate(const Json& entry)
{
    const std::string outcome = text_of(entry, "outcome");
    return outcome.empty() ? text_of(entry, "decision") : outcome;
}

std::string fate_of(const Json& entry)
{
    if (const EntryOutcomeRow* row = outcome_of(entry)) return std::string(row->words);
    const std::optional<Decision> decision = decision_named(text_of(entry, "decision"));
    return decision ? std::string(row_of(*decision).planned) : with_blanks(name_of_fate(entry));
}

bool was_not_reached(const Json& entry)
{
    return has_outcome(entry, EntryOutcome::not_reached);
}

bool is_exceptional(const Json& entry)
{
    const Json& numbers = numbers_of(entry);
    return movement_of(entry) == Movement::stay || flag_of(entry, "undone") || count_of(numbers, "displaced") > 0 ||
           count_of(member(entry, "set_aside"), "names") > 0;
}

// Drawn to the right; what goes back is turned around by the style sheet.
Html arrow_of(Movement movement)
{
    constexpr std::string_view begin =
        R"(<svg class="arrow" viewBox="0 0 64 16" aria-hidden="true" focusable="false"><path d=")";
    constexpr std::string_view moving = "M2 8H60M52 2l8 6-8 6", linked = "M2 5.5H62M2 10.5H62",
                               staying = "M2 8H22M42 8H62M27 3l10 10M37 3L27 13";
    const std::string_view path = movement == Movement::home ? linked : movement == Movement::stay ? staying : moving;
    return Html::markup(std::string(begin) + std::string(path) + "\"/></svg>");
}

Html remarks_of(const Json& entry)
{
    const Json& numbers = numbers_of(entry);
    Html list;
    const auto add = [&](std::uint64_t count, const std::string& what) {
        if (count > 0) list += element("li", prose(human_count(count, "file", "files") + " " + what));
    };
    add(count_of(numbers, "displaced"), "set aside in " + text_of(numbers, "displaced_to"));
    add(count_of(numbers, "owners_changed"), "given another owner or mode");
    add(count_of(entry, "owners_differ"), "to be given another owner or mode");
    if (count_of(entry, "stale") > 0)
        list += element("li", human_count(count_of(entry, "stale"), "stale file", "stale files") + " to be removed");
    if (const std::uint64_t names = count_of(member(entry, "set_aside"), "names"); names > 0)
        list += element("li", human_count(names, "name", "names") + " to be set aside");
    if (has_outcome(entry, EntryOutcome::failed))
        list += element("li", "undone",
                        "planned: " + with_blanks(text_of(entry, "decision")) + "; the next run continues with it");
    if (flag_of(entry, "sampled")) list += element("li", "rehearsed on a sample");
    if (flag_of(entry, "undone")) list += element("li", "undone", "would be left undone");
    return list.empty() ? list : element("ul", "entry-remarks", list);
}

Html box_of(const Json& entry)
{
    const Movement movement = movement_of(entry);
    const Html decision =
        element("div", "decision", arrow_of(movement) + element("span", "word", with_blanks(name_of_fate(entry))));
    const Html why = element("p", "reason", prose(text_of(entry, "reason"))) + remarks_of(entry);
    return element_with("li", {{"class", "flow " + std::string(name_of(movement))}},
                        place("origin", "origin ", text_of(entry, "origin")) + decision +
                            place("destination", "destination ", text_of(entry, "destination")) + why);
}

RunProgress progress_of(const Json& report)
{
    RunProgress progress;
    for (const Json& entry : list_of(report, "entries")) {
        if (outcome_of(entry) == nullptr || movement_of(entry) == Movement::off) continue;
        ++progress.entries;
        if (!was_not_reached(entry) && !has_outcome(entry, EntryOutcome::failed)) ++progress.done;
    }
    return progress;
}

std::string progress_text(RunProgress progress)
{
    return std::to_string(progress.done) + " of " + human_count(progress.entries, "entry", "entries");
}

}  // namespace mailstate
