// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Html finding_html(const Json& finding)
{
    const std::string subject = text_of(finding, "subject"), hint = text_of(finding, "hint");
    Html head = subject.empty() ? Html() : element("code", "subject", subject);
    head += element("span", "code", text_of(finding, "code"));
    Html body = element("div", "about", head) + element("p", text_of(finding, "message"));
    if (!hint.empty()) body += element("p", "remedy", element("b", "Remedy: ") + hint);
    return element("li", "finding", body);
}

Html group(const Json& report, std::string_view severity, const std::string& title)
{
    Html items;
    for (const Json& finding : list_of(report, "findings"))
        if (text_of(finding, "severity") == severity) items += finding_html(finding);
    const Html list = element("ul", "finding-list", items);
    const Html heading = element("h3", title);
    const std::string name = "severity " + std::string(severity);
    if (severity == "note") return element("details", name, element("summary", heading) + list);
    return element("div", name, heading + list);
}

}  // namespace

std::size_t findings_of(const Json& report, std::string_view severity)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        list_of(report, "findings"), [&](const Json& finding) { return text_of(finding, "severity") == severity; }));
}

Html findings_part(const Json& report)
{
    Html parts;
    const auto add = [&](std::string_view severity, std::string_view one, std::string_view many) {
        const std::size_t count = findings_of(report, severity);
        if (count > 0) parts += group(report, severity, human_count(count, one, many));
    };
    add("error", "error", "errors");
    add("warning", "warning", "warnings");
    add("note", "note", "notes");
    return parts;
}

}  // namespace mailstate
