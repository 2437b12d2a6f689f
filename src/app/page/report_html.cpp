// SPDX-License-Identifier: MIT
#include "app/page/report_html.hpp"

#include <array>

#include "app/page/report_sections.hpp"
#include "app/page/report_style.hpp"

namespace mailstate {

namespace {

struct Part {
    const char *id, *title;
    Html (*make)(const Json& report);
};

constexpr std::array<Part, 9> parts{{
    {"findings", "Findings", findings_part},
    {"entries", "What goes where", flow_part},
    {"sizes", "Sizes", sizes_part},
    {"time", "Rehearsed", time_part},
    {"changes", "What was done", changes_part},
    {"rules", "What was judged", rules_part},
    {"mail", "Relay and delivery", mail_part},
    {"volume", "The volume", volume_part},
    {"unseen", "Not rehearsed", unseen_part},
}};

struct Body {
    Html links, sections;
};

Body body_of(const Json& report)
{
    Body body;
    for (const Part& part : parts) {
        const Html made = part.make(report);
        if (made.empty()) continue;
        const std::string id(part.id);
        body.links += element_with("a", {{"href", "#" + id}}, part.title);
        body.sections += element_with("section", {{"id", id}, {"aria-labelledby", id + "-title"}},
                                      element_with("h2", {{"id", id + "-title"}}, part.title) + made);
    }
    return body;
}

Html head_of(const Json& report)
{
    return element("head", Html::markup("<meta charset=\"utf-8\">\n"
                                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                                        "<meta name=\"color-scheme\" content=\"light dark\">\n"
                                        "<link rel=\"icon\" href=\"data:,\">\n") +
                               element("title", title_of_page(report)) +
                               element("style", Html::markup(report_style())));
}

Html footer_of(const Json& report)
{
    return element("footer", "mailstate " + text_of(report, "version") + " · " + text_of(report, "time") +
                                 " · --report FILE.json writes the same for machines");
}

}  // namespace

std::string report_html(const Json& report)
{
    const Body body = body_of(report);
    const Html links =
        body.links.empty() ? Html() : element_with("nav", {{"aria-label", "Parts of this report"}}, body.links);
    const Html page = element("main", verdict_part(report) + links + body.sections) + footer_of(report);
    return "<!DOCTYPE html>\n" + element_with("html", {{"lang", "en"}}, head_of(report) + element("body", page)).str();
}

}  // namespace mailstate
