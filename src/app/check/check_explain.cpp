// SPDX-License-Identifier: MIT
#include "app/check/check_preflight.hpp"
#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"
#include "preflight/delivery.hpp"
#include "preflight/relay_table.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

Json json_of(const Route& route)
{
    return {{"next_hop", printable(route.next_hop)},
            {"credentials", printable(route.credentials)},
            {"tls", route.tls},
            {"because", printable(route.because)}};
}

std::string words_of(const Route& route)
{
    return (route.next_hop == "mx" ? "directly to the recipient's MX" : "to " + printable(route.next_hop)) + ", TLS " +
           (route.tls == "encrypt" ? "mandatory" : "opportunistic") + ", " +
           (route.credentials.empty() ? "no credentials" : "credentials of " + printable(route.credentials)) + " (" +
           printable(route.because) + ")";
}

std::string change_text(const std::string& sender, const Route& before, const Route& after)
{
    std::string text = "mail of " + printable(sender) + ":\n";
    text += "  before: " + wrapped(words_of(before), 10, 10);
    return text + "  after:  " + wrapped(words_of(after), 10, 10);
}

std::string list(const std::vector<std::string>& texts)
{
    std::string result;
    for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + printable(text);
    return result.empty() ? "none" : result;
}

}  // namespace

void explain_sender(const Evidence& evidence, const std::string& sender, Explained& explained)
{
    const SenderChange change = route_change(evidence, sender);
    explained.members["route"] = {
        {"sender", printable(sender)}, {"before", json_of(change.before)}, {"after", json_of(change.after)}};
    explained.text += change_text(sender, change.before, change.after);
}

void explain_recipient(const Evidence& evidence, const std::string& recipient, Explained& explained)
{
    Delivery delivery = delivery_of(evidence.mail, recipient);
    if (const std::string unseen = unseen_config(evidence); !unseen.empty())
        delivery.because = evidence.config_known ? delivery.because + "; but " + unseen : unseen + " (--config-dir)";
    explained.members["delivery"] = {{"recipient", printable(recipient)},
                                     {"mailbox", delivery.mailbox},
                                     {"mailboxes", printable_list(delivery.mailboxes)},
                                     {"external", printable_list(delivery.external)},
                                     {"unknown", printable_list(delivery.unknown)},
                                     {"aliases", printable_list(delivery.followed)},
                                     {"loop", delivery.loop},
                                     {"quota", printable(delivery.quota)},
                                     {"because", printable(delivery.because)}};
    explained.text += "mail to " + printable(recipient) + ":\n  its own mailbox: " + (delivery.mailbox ? "yes" : "no") +
                      "\n  mailboxes: " + wrapped(list(delivery.mailboxes), 4, 13) +
                      "  outside: " + wrapped(list(delivery.external), 4, 11) +
                      "  because: " + wrapped(printable(delivery.because), 4, 11);
    if (!delivery.quota.empty()) explained.text += "  quota: " + printable(delivery.quota) + "\n";
}

void explain_all_senders(const Evidence& evidence, Explained& explained)
{
    if (evidence.system != System::docker_mailserver || (!evidence.relay.has_map && !evidence.relay.has_credentials))
        return;
    Json table = Json::array();
    const bool differs = era_of(evidence.from) != era_of(evidence.to);
    for (const SenderRoute& row : sender_routes(evidence)) {
        table.push_back(
            {{"sender", printable(row.sender)}, {"before", json_of(row.before)}, {"after", json_of(row.after)}});
        if (differs && !(row.before == row.after)) explained.text += change_text(row.sender, row.before, row.after);
    }
    explained.members["senders"] = std::move(table);
}

}  // namespace mailstate
