// SPDX-License-Identifier: MIT
#include "app/output/run_text.hpp"
#include "app/page/prose.hpp"
#include "app/page/report_bar.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Html step_row(const Json& step, double begun, double total)
{
    const double seconds = number_of(step, "seconds");
    const std::string outcome = text_of(step, "outcome");
    const Html bar = bar_in_track(seconds, total, begun);
    const Html said = element("b", outcome == "skipped" ? "" : seconds_text(seconds)) + " " + outcome;
    return element_with("li", {{"class", "step " + outcome}},
                        element("span", "label", text_of(step, "name")) + bar + element("span", "amount", said));
}

Html cloned(const Json& details)
{
    const Json& clone = member(details, "cloned");
    std::string text = "On a clone of " + human_count(count_of(clone, "files"), "file", "files") + ", " +
                       human_bytes(count_of(clone, "bytes"));
    if (!member(details, "sample").is_null())
        text += ", some " + std::to_string(count_of(details, "sample")) + " of each entry: the times are extrapolated";
    return element("p", "lead", text + ". The originals were only read.");
}

}  // namespace

Html time_part(const Json& report)
{
    const Json& details = member(report, "rehearsal");
    double total = 0, begun = 0;
    for (const Json& step : list_of(details, "steps")) total += number_of(step, "seconds");
    Html rows;
    for (const Json& step : list_of(details, "steps")) {
        rows += step_row(step, begun, total);
        begun += number_of(step, "seconds");
    }
    return rows.empty() ? rows : cloned(details) + element("ol", "steps", rows);
}

Html changes_part(const Json& report)
{
    Html items;
    for (const Json& change : list_of(report, "changes"))
        if (change.is_string()) items += element("li", prose(change.get<std::string>()));
    return items.empty() ? items : element("ol", "changes", items);
}

Html unseen_part(const Json& report)
{
    Html items;
    for (const Json& sentence : list_of(member(report, "rehearsal"), "not_rehearsed"))
        if (sentence.is_string()) items += element("li", sentence.get<std::string>());
    return items.empty() ? items : element("ul", "unseen", items);
}

}  // namespace mailstate
