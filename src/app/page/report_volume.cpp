// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "app/page/prose.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/ability.hpp"

namespace mailstate {

namespace {

Html facts_html(const Json& volume, const std::string& path)
{
    Html facts = fact("Mounted at", element("code", path)) +
                 fact("Type", text_of(volume, "type") + " (" + text_of(volume, "class") + ")") +
                 fact("Source", element("code", text_of(volume, "source")));
    if (!text_of(volume, "options").empty()) facts += fact("Options", element("code", text_of(volume, "options")));
    const bool counts_inodes = member(volume, "free_inodes").is_number();
    facts += fact("Free", free_space_of(volume) +
                              (counts_inodes ? ", " + human_count(count_of(volume, "free_inodes"), "inode", "inodes")
                                             : std::string()));
    return element("dl", "facts", facts);
}

std::string_view class_of(const std::string& result)
{
    const Tested tested = tested_from(result).value_or(Tested{});
    if (tested.verdict == Verdict::yes) return "yes";
    return is_lacking(tested) && tested.verdict != Verdict::on_this_machine ? "no" : "unknown";
}

std::string_view mark_of(std::string_view class_name)
{
    if (class_name == "yes") return "✓";
    return class_name == "no" ? "✕" : "–";
}

struct Capable {  // abilities of which the same is known
    std::string names, result, inferred;
};

std::vector<Capable> capabilities_of(const Json& results, const Json& inferred)
{
    std::vector<Capable> rows;
    for (const auto& [name, value] : results.items()) {
        const std::string result = value.is_string() ? value.get<std::string>() : "", by_type = text_of(inferred, name);
        const auto same = std::ranges::find_if(
            rows, [&](const Capable& row) { return row.result == result && row.inferred == by_type; });
        if (same == rows.end())
            rows.push_back({name, result, by_type});
        else
            same->names += ", " + name;
    }
    return rows;
}

Html capability_row(const std::string& name, const std::string& result, const std::string& expected)
{
    const std::string_view kind = class_of(result);
    const Html mark = element_with("span", {{"class", "mark"}, {"aria-hidden", "true"}}, mark_of(kind));
    return element("tr", kind,
                   element_with("th", {{"scope", "row"}}, name) + element("td", mark + result) +
                       element("td", expected.empty() ? "" : expected));
}

std::string how_it_is_known(const Json& capabilities)
{
    if (flag_of(capabilities, "tested")) return "Tested in a scratch directory on the volume.";
    const std::string because = text_of(capabilities, "untested");
    return "Not tested" + (because.empty() ? " yet: a plan only reads" : ": " + because) +
           ". mailstate probe --write-test tests it.";
}

Html capability_table(const Json& capabilities)
{
    const Json& results = member(capabilities, "results");
    if (!results.is_object() || results.empty()) return {};
    const Json& inferred = member(capabilities, "inferred");
    Html rows;
    for (const Capable& row : capabilities_of(results, inferred))
        rows += capability_row(row.names, row.result, row.inferred);
    const auto heading = [](std::string_view text) { return element_with("th", {{"scope", "col"}}, text); };
    const Html head =
        element("thead", element("tr", heading("It supports") + heading("Tested") + heading("By its type")));
    return element("h3", "What it supports") + element("p", "lead", prose(how_it_is_known(capabilities))) +
           element("table", "capabilities", head + element("tbody", rows));
}

}  // namespace

Html volume_part(const Json& report)
{
    const Json& volume = member(report, "volume");
    if (!volume.is_object()) return {};
    return facts_html(volume, text_of(report, "state_dir")) + capability_table(member(report, "capabilities"));
}

}  // namespace mailstate
