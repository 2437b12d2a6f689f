// SPDX-License-Identifier: MIT
#include "app/page/report_sections.hpp"

namespace mailstate {

namespace {

Html route_html(std::string_view when, const Json& route)
{
    const std::string hop = text_of(route, "next_hop"), credentials = text_of(route, "credentials");
    const bool encrypted = text_of(route, "tls") == "encrypt";
    const Html to = hop == "mx" ? Html("directly to the recipient's MX") : "to " + element("code", hop);
    const Html login = credentials.empty() ? Html("no credentials") : "credentials of " + element("code", credentials);
    return element(
        "div", "route",
        element("b", when) +
            element("div", element("p", to + (encrypted ? ", TLS mandatory, " : ", TLS opportunistic, ") + login) +
                               element("p", "reason", text_of(route, "because"))));
}

Html sender_html(const std::string& sender, const Json& change)
{
    const bool differs = member(change, "before") != member(change, "after");
    const Html mark = element("span", differs ? "mark changed" : "mark", differs ? "changes" : "stays");
    Html routes = differs
                      ? route_html("before", member(change, "before")) + route_html("after", member(change, "after"))
                      : route_html("both", member(change, "after"));
    return element("li", "sender", element("div", "about", element("code", sender) + mark) + routes);
}

Html words(std::string_view label, const Json& list)
{
    Html text;
    for (const Json& item : list) {
        if (!text.empty()) text += ", ";
        if (item.is_string()) text += element("code", item.get<std::string>());
    }
    return element("dt", label) + element("dd", text.empty() ? Html("none") : text);
}

Html delivery_html(const Json& delivery)
{
    const std::string recipient = text_of(delivery, "recipient"), quota = text_of(delivery, "quota");
    Html rows = element("dt", "Its own mailbox") + element("dd", flag_of(delivery, "mailbox") ? "yes" : "no");
    rows += words("Mailboxes", list_of(delivery, "mailboxes"));
    rows += words("Outside", list_of(delivery, "external"));
    rows += words("Unknown", list_of(delivery, "unknown"));
    if (!quota.empty()) rows += element("dt", "Quota") + element("dd", quota);
    rows += element("dt", "Because") + element("dd", text_of(delivery, "because"));
    return element("h3", "Mail to " + recipient) + element("dl", "facts", rows);
}

}  // namespace

Html mail_part(const Json& report)
{
    Html senders;
    const Json& asked = member(report, "route");
    if (asked.is_object()) senders += sender_html(text_of(asked, "sender"), asked);
    for (const Json& row : list_of(report, "senders")) senders += sender_html(text_of(row, "sender"), row);
    Html part;
    if (!senders.empty()) part += element("h3", "Mail from") + element("ul", "senders", senders);
    const Json& delivery = member(report, "delivery");
    return delivery.is_object() ? part + delivery_html(delivery) : part;
}

}  // namespace mailstate
