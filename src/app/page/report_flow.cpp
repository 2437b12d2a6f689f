// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/page/report_sections.hpp"
#include "engine/entry_outcome.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// Drawn to the right; what goes back is turned around by the style sheet.
Html arrow(Movement movement)
{
    constexpr std::string_view begin =
        R"(<svg class="arrow" viewBox="0 0 64 16" aria-hidden="true" focusable="false"><path d=")";
    constexpr std::string_view moving = "M2 8H60M52 2l8 6-8 6", linked = "M2 5.5H62M2 10.5H62",
                               staying = "M2 8H22M42 8H62M27 3l10 10M37 3L27 13";
    const std::string_view path = movement == Movement::home ? linked : movement == Movement::stay ? staying : moving;
    return Html::markup(std::string(begin) + std::string(path) + "\"/></svg>");
}

// "not reached": of a run what became of the entry, else what would.
std::string word_of(const Json& entry)
{
    const std::string outcome = text_of(entry, "outcome");
    std::string words = outcome.empty() ? text_of(entry, "decision") : outcome;
    std::ranges::replace(words, '-', ' ');
    return words;
}

bool was_left_undone(const Json& entry)
{
    const std::string outcome = text_of(entry, "outcome");
    return std::ranges::any_of(entry_outcome_rows, [&](const EntryOutcomeRow& row) {
        return row.name == outcome && (row.outcome == EntryOutcome::failed || row.outcome == EntryOutcome::not_reached);
    });
}

// Of a rehearsal the clone's numbers, of a plan what it foretells, of a run what it did.
Html remarks(const Json& entry)
{
    const Json& rehearsed = member(entry, "rehearsed");
    const Json& source = rehearsed.is_object() ? rehearsed : entry;
    Html list;
    const auto add = [&](std::uint64_t count, const std::string& what) {
        if (count > 0) list += element("li", human_count(count, "file", "files") + " " + what);
    };
    add(count_of(source, "displaced"), "set aside in " + text_of(source, "displaced_to"));
    add(count_of(source, "owners_changed"), "given another owner or mode");
    add(count_of(entry, "owners_differ"), "to be given another owner or mode");
    if (count_of(entry, "stale") > 0)
        list += element("li", human_count(count_of(entry, "stale"), "stale name", "stale names") + " to be removed");
    const Json& aside = member(entry, "set_aside");
    if (aside.is_object() && count_of(aside, "names") > 0)
        list += element("li", human_count(count_of(aside, "names"), "name", "names") + " to be set aside");
    if (was_left_undone(entry))
        list += element("li", "undone", "planned was: " + text_of(entry, "decision") + "; the next run takes it up");
    if (flag_of(entry, "sampled")) list += element("li", "rehearsed on a sample");
    if (flag_of(entry, "undone")) list += element("li", "undone", "would be left undone");
    return list.empty() ? list : element("ul", "entry-remarks", list);
}

Html place(std::string_view class_name, std::string_view what, const std::string& path)
{
    return element_with("div", {{"class", "place " + std::string(class_name)}},
                        element("span", "hidden", what) + element("code", path));
}

Html row(const Json& entry)
{
    const Movement movement = movement_of(entry);
    const Html decision = element("div", "decision", arrow(movement) + element("span", "word", word_of(entry)));
    Html why = element("p", "reason", text_of(entry, "reason")) + remarks(entry);
    return element_with("li", {{"class", "flow " + std::string(name_of(movement))}},
                        place("origin", "origin ", text_of(entry, "origin")) + decision +
                            place("destination", "destination ", text_of(entry, "destination")) + why);
}

Html off_list(const Json& report)
{
    Html items;
    std::size_t count = 0;
    for (const Json& entry : list_of(report, "entries")) {
        if (movement_of(entry) != Movement::off) continue;
        items += element("li", element("code", text_of(entry, "name")) + " " + text_of(entry, "reason"));
        ++count;
    }
    if (count == 0) return {};
    const Html summary = element("summary", human_count(count, "entry is disabled", "entries are disabled"));
    return element("details", "off-list", summary + element("ul", items));
}

}  // namespace

Movement movement_of(const Json& entry)
{
    if (was_left_undone(entry)) return Movement::stay;
    const std::optional<Decision> decision = decision_named(text_of(entry, "decision"));
    return decision ? row_of(*decision).movement : Movement::stay;
}

Html flow_part(const Json& report)
{
    Html rows;
    for (const Json& entry : list_of(report, "entries"))
        if (movement_of(entry) != Movement::off) rows += row(entry);
    Html off = off_list(report);
    if (rows.empty()) return off;
    const Html head = element_with(
        "div", {{"class", "flow-head"}, {"aria-hidden", "true"}},
        element("span", "Where the service looks") + element("span", "") + element("span", "Where the state lives"));
    return head + element("ul", "flows", rows) + off;
}

}  // namespace mailstate
