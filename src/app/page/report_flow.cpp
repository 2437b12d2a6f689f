// SPDX-License-Identifier: MIT
// What goes where: a box for each entry that is exceptional, one table for the rest, by what becomes of them. Where the
// same happens to many it is told once, exceptional or not.
#include <algorithm>
#include <map>
#include <vector>

#include "app/page/report_bar.hpp"
#include "app/page/report_entry.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_boxes = 3;  // of one kind

struct FateGroup {  // entries of which the same becomes
    std::string word;
    std::vector<const Json*> entries;
};

std::vector<FateGroup> kinds_of(const Json& report)
{
    std::vector<FateGroup> kinds;
    for (const Json& entry : list_of(report, "entries")) {
        if (movement_of(entry) == Movement::off) continue;
        const std::string word = name_of_fate(entry);
        const auto found = std::ranges::find(kinds, word, &FateGroup::word);
        if (found == kinds.end())
            kinds.push_back({word, {&entry}});
        else
            found->entries.push_back(&entry);
    }
    return kinds;
}

std::string common_reason(const FateGroup& kind)
{
    std::map<std::string, std::size_t> times;
    for (const Json* entry : kind.entries) ++times[text_of(*entry, "reason")];
    return std::ranges::max_element(times, {}, [](const auto& reason) { return reason.second; })->first;
}

bool has_boxes(const FateGroup& kind)
{
    const Json& first = *kind.entries.front();
    return is_exceptional(first) && !was_not_reached(first) && kind.entries.size() <= most_boxes;
}

Html amount_html(const Json& entry)
{
    const std::uint64_t files = count_of(entry, "files"), bytes = count_of(entry, "bytes");
    if (files == 0 && bytes == 0) return {};
    return element("span", "files", human_count(files, "file", "files")) + ", " + element("b", human_bytes(bytes));
}

Html row_html(const Json& entry, const std::string& common)
{
    const std::string reason = text_of(entry, "reason");
    Html origin = element("code", text_of(entry, "origin"));
    if (reason != common && !was_not_reached(entry)) origin += element("p", "reason", prose(reason));
    origin += remarks_of(entry);
    const Html arrow = was_not_reached(entry) ? Html() : arrow_of(movement_of(entry));
    return element("tr", name_of(movement_of(entry)),
                   element_with("th", {{"scope", "row"}, {"class", "from"}}, origin) + element("td", "way", arrow) +
                       element("td", "to", element("code", text_of(entry, "destination"))) +
                       element("td", "much", amount_html(entry)));
}

Html group_html(const FateGroup& kind)
{
    const Json& first = *kind.entries.front();
    const std::string common = common_reason(kind);
    const std::string why = was_not_reached(first) ? "as before: the next run continues with them" : common;
    const Html head = element("b", std::to_string(kind.entries.size()) + " " + fate_of(first)) + " " +
                      element("span", "reason", prose(why));
    Html rows = element("tr", "kind", element_with("th", {{"scope", "colgroup"}, {"colspan", "4"}}, head));
    for (const Json* entry : kind.entries) rows += row_html(*entry, common);
    return element("tbody", name_of(movement_of(first)), rows);
}

Html table_html(const Html& groups)
{
    if (groups.empty()) return {};
    const auto heading = [](std::string_view text, std::string_view class_name) {
        return element_with("th", {{"scope", "col"}, {"class", std::string(class_name)}}, text);
    };
    const Html head = heading("Where the service looks", "") + element("td", "") +
                      heading("Where the state lives", "") + heading("Content", "much");
    return element("table", "moves", element("thead", element("tr", head)) + groups);
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

// Of a run that did not come to its end: how far it came.
Html progress_html(const Json& report)
{
    const RunProgress progress = progress_of(report);
    if (progress.done == progress.entries) return {};
    const Html bar = bar_in_track(static_cast<double>(progress.done), static_cast<double>(progress.entries));
    return element("div", "progress", element("p", element("b", progress_text(progress)) + " are done") + bar);
}

}  // namespace

Html flow_part(const Json& report)
{
    Html boxes, groups;
    for (const FateGroup& kind : kinds_of(report)) {
        if (!has_boxes(kind)) {
            groups += group_html(kind);
            continue;
        }
        for (const Json* entry : kind.entries) boxes += box_of(*entry);
    }
    if (!boxes.empty()) boxes = element("ul", "flows", boxes);
    return progress_html(report) + boxes + table_html(groups) + off_list(report);
}

}  // namespace mailstate
