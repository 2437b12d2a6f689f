// SPDX-License-Identifier: MIT
#include "app/page/report_sections.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Html codes(const Json& list)
{
    Html text;
    for (const Json& item : list)
        if (item.is_string()) text += (text.empty() ? Html() : Html(", ")) + element("code", item.get<std::string>());
    return text;
}

// The names of rules are many: they are folded.
Html folded(const std::string& summary, const Json& rules)
{
    if (rules.empty()) return {};
    return element("details", "rules", element("summary", summary) + element("p", codes(rules)));
}

Html judged_html(const Json& judged)
{
    const std::string service = text_of(judged, "service");
    const std::string title = text_of(judged, "system") + (service.empty() ? "" : ", service " + service);
    const std::size_t fine = list_of(judged, "fine").size();
    Html facts = fact("Releases", releases_of(judged));
    facts += fact("Files", codes(list_of(judged, "files")));
    facts += fact("With findings", codes(list_of(judged, "found")));
    facts += fact("Fine", folded(human_count(fine, "rule", "rules"), list_of(judged, "fine")));
    for (const Json& why : list_of(judged, "not_judged")) {
        const std::string count = human_count(list_of(why, "rules").size(), "rule", "rules");
        facts += fact("Not judged", folded(count + ": " + text_of(why, "why"), list_of(why, "rules")));
    }
    return element("h3", title) + element("dl", "facts", facts);
}

}  // namespace

std::string releases_of(const Json& judged)
{
    const std::string from = text_of(judged, "from"), to = text_of(judged, "to");
    return (from.empty() ? "unknown" : from) + " → " + (to.empty() ? "unknown" : to);
}

Html fact(std::string_view label, const Html& value)
{
    return value.empty() ? Html() : element("dt", label) + element("dd", value);
}

Html rules_part(const Json& report)
{
    Html part;
    for (const Json& judged : list_of(report, "judged")) part += judged_html(judged);
    Html beside;
    for (const Json& why : list_of(report, "not_judged"))
        if (why.is_string()) beside += element("li", why.get<std::string>());
    if (!beside.empty()) part += element("h3", "Not judged apart from the rules") + element("ul", "unseen", beside);
    return part;
}

}  // namespace mailstate
