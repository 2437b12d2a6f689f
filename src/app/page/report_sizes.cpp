// SPDX-License-Identifier: MIT
#include <algorithm>
#include <vector>

#include "app/page/report_bar.hpp"
#include "app/page/report_entry.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::vector<Json> largest_first(const Json& report)
{
    std::vector<Json> entries;
    for (const Json& entry : list_of(report, "entries"))
        if (count_of(entry, "bytes") > 0) entries.push_back(entry);
    std::ranges::stable_sort(entries, std::greater<>(), [](const Json& entry) { return count_of(entry, "bytes"); });
    return entries;
}

struct SizeBar {
    std::string label, names, class_name;  // names: of those that are together in it
    Amount amount;
};

Html bar_row(const SizeBar& bar, std::uint64_t largest)
{
    const Html drawn = bar_in_track(static_cast<double>(bar.amount.bytes), static_cast<double>(largest));
    const Html amount = element("b", human_bytes(bar.amount.bytes)) + " " +
                        element("span", "files", human_count(bar.amount.files, "file", "files"));
    const Html names = bar.names.empty() ? Html() : element("p", "names", bar.names);
    return element_with("li", {{"class", "size " + bar.class_name}},
                        element("span", "label", bar.label) + drawn + element("span", "amount", amount) + names);
}

// Those that are hardly seen beside the largest are one bar.
std::vector<SizeBar> bars_of(const std::vector<Json>& entries)
{
    constexpr std::uint64_t share = 50;
    std::vector<SizeBar> bars;
    SizeBar small;
    std::size_t count = 0;
    for (const Json& entry : entries) {
        const Amount amount{count_of(entry, "files"), count_of(entry, "bytes")};
        const std::string name = text_of(entry, "name"), movement(name_of(movement_of(entry)));
        if (amount.bytes >= count_of(entries.front(), "bytes") / share) {
            bars.push_back({name, {}, movement, amount});
            continue;
        }
        small.names += (count++ == 0 ? "" : ", ") + name;
        small.class_name = movement;
        small.amount += amount;
    }
    small.label = count == 1 ? small.names : std::to_string(count) + " smaller";
    if (count == 1) small.names.clear();
    if (count > 0) bars.push_back(small);
    return bars;
}

// What the first start needs against what is free, with what is kept free.
Html room(const Json& space)
{
    const std::uint64_t needed = count_of(space, "needed"), free = count_of(space, "free");
    if (free == 0) return {};
    return element_with("div", {{"class", needed + count_of(space, "headroom") > free ? "room short" : "room"}},
                        element("p", element("b", human_bytes(needed)) + " of " + element("b", human_bytes(free)) +
                                         " that are free on the volume; " + human_bytes(count_of(space, "headroom")) +
                                         " are kept free") +
                            bar_in_track(static_cast<double>(needed), static_cast<double>(free)));
}

}  // namespace

Html sizes_part(const Json& report)
{
    const std::vector<Json> entries = largest_first(report);
    Html rows;
    for (const SizeBar& bar : bars_of(entries)) rows += bar_row(bar, count_of(entries.front(), "bytes"));
    if (!rows.empty()) rows = element("ul", "sizes", rows);
    return rows + room(member(member(report, "rehearsal"), "space"));
}

}  // namespace mailstate
