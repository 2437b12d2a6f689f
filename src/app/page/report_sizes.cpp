// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

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

Html bar_row(const Json& entry, std::uint64_t largest)
{
    const std::uint64_t bytes = count_of(entry, "bytes");
    const std::string style = "width:" + percent(static_cast<double>(bytes), static_cast<double>(largest));
    const Html bar = element_with("div", {{"class", "track"}, {"aria-hidden", "true"}},
                                  element_with("div", {{"class", "bar"}, {"style", style}}, ""));
    return element_with(
        "li", {{"class", "size " + std::string(name_of(movement_of(entry)))}},
        element("span", "label", text_of(entry, "name")) + bar +
            element("span", "amount",
                    element("b", human_bytes(bytes)) + " " +
                        element("span", "files", human_count(count_of(entry, "files"), "file", "files"))));
}

// What the first start needs against what is free, with what is kept free.
Html room(const Json& space)
{
    const std::uint64_t needed = count_of(space, "needed"), free = count_of(space, "free");
    if (free == 0) return {};
    const std::string style = "width:" + percent(static_cast<double>(needed), static_cast<double>(free));
    const Html bar = element_with("div", {{"class", "track"}, {"aria-hidden", "true"}},
                                  element_with("div", {{"class", "bar"}, {"style", style}}, ""));
    return element_with("div", {{"class", needed + count_of(space, "headroom") > free ? "room short" : "room"}},
                        element("p", element("b", human_bytes(needed)) + " of " + element("b", human_bytes(free)) +
                                         " that are free on the volume; " + human_bytes(count_of(space, "headroom")) +
                                         " are kept free") +
                            bar);
}

}  // namespace

std::string percent(double part, double whole)
{
    const double share = whole > 0 ? std::clamp(part / whole * 100, 0.0, 100.0) : 0;
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.2f%%", share);
    return text.data();
}

Html sizes_part(const Json& report)
{
    const std::vector<Json> entries = largest_first(report);
    Html rows;
    for (const Json& entry : entries) rows += bar_row(entry, count_of(entries.front(), "bytes"));
    if (!rows.empty()) rows = element("ul", "sizes", rows);
    return rows + room(member(member(report, "rehearsal"), "space"));
}

}  // namespace mailstate
