// SPDX-License-Identifier: MIT
// Findings by severity. Those of one code and one remedy are one box, whose message is told once where it is the same.
#include <algorithm>
#include <vector>

#include "app/page/prose.hpp"
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

using Alike = std::vector<const Json*>;  // at least one

bool all_have(const Alike& findings, std::string_view name)
{
    const std::string first = text_of(*findings.front(), name);
    return std::ranges::all_of(findings, [&](const Json* finding) { return text_of(*finding, name) == first; });
}

std::vector<Alike> alike_findings(const Json& report, std::string_view severity)
{
    std::vector<Alike> groups;
    for (const Json& finding : list_of(report, "findings")) {
        if (text_of(finding, "severity") != severity) continue;
        const auto found = std::ranges::find_if(
            groups, [&](const Alike& group) { return text_of(*group.front(), "code") == text_of(finding, "code"); });
        if (found == groups.end())
            groups.push_back({&finding});
        else
            found->push_back(&finding);
    }
    return groups;
}

// A page links to nothing but the web, whatever the report says.
Html code_html(const Json& finding)
{
    const std::string reference = text_of(finding, "reference");
    Html code = element("span", "code", text_of(finding, "code"));
    if (!reference.starts_with("https://")) return code;
    const Html link = element_with("a", {{"href", reference}, {"rel", "noreferrer"}}, "Reference");
    return element("span", "source", code + " · " + link);
}

Html subjects_html(const Alike& findings)
{
    Html list;
    for (const Json* finding : findings)
        if (const std::string subject = text_of(*finding, "subject"); !subject.empty())
            list += element("code", "subject", subject) + " ";
    return element("div", "subjects", list);
}

Html remedy_html(const Json& finding)
{
    const std::string hint = text_of(finding, "hint");
    return hint.empty() ? Html() : element("p", "remedy", element("b", "Remedy: ") + prose(hint));
}

// Each with its own subject, message and remedy, as far as they differ.
Html cases_html(const Alike& findings, bool one_remedy)
{
    Html items;
    for (const Json* finding : findings) {
        const std::string subject = text_of(*finding, "subject");
        const Html head = subject.empty() ? Html() : element("code", "subject", subject) + " ";
        items += element("li", element("p", head + prose(text_of(*finding, "message"))) +
                                   (one_remedy ? Html() : remedy_html(*finding)));
    }
    return element("ul", "cases", items);
}

Html finding_html(const Alike& findings)
{
    const Json& first = *findings.front();
    const bool one_message = all_have(findings, "message"), one_remedy = all_have(findings, "hint");
    const bool is_one = one_message && one_remedy;
    const Html head =
        (is_one ? subjects_html(findings) : element("b", "count", std::to_string(findings.size()) + " of one kind")) +
        code_html(first);
    Html body = element("div", "about", head);
    body += is_one ? element("p", prose(text_of(first, "message"))) : cases_html(findings, one_remedy);
    if (one_remedy) body += remedy_html(first);
    return element("li", "finding", body);
}

Html severity_html(const Json& report, std::string_view severity, const std::string& title)
{
    Html items;
    for (const Alike& findings : alike_findings(report, severity)) items += finding_html(findings);
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
        if (count > 0) parts += severity_html(report, severity, human_count(count, one, many));
    };
    add("error", "error", "errors");
    add("warning", "warning", "warnings");
    add("note", "note", "notes");
    return parts;
}

}  // namespace mailstate
