// SPDX-License-Identifier: MIT
// What Mailu's variables ask for.
#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/mailu_rules.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/recognise.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailu {

namespace {

// "true" and "yes" are true; "false", "no" and nothing are false; any other text counts as true, "0" and "off" too.
bool is_true(const Evidence& evidence, std::string_view name)
{
    const std::string value = lower_case(value_of(evidence, name));
    return !value.empty() && value != "false" && value != "no";
}

// A value from a file is not repeated: the file may be a secret, named by mistake.
bool is_in_file(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting != nullptr && !setting->file.empty();
}

bool is_unseen(const Evidence& evidence, std::string_view name)
{
    const Setting* const setting = find_setting(evidence, name);
    return setting != nullptr && setting->unseen;
}

// As it is, unless the value is in a file that was not seen.
Seen unless_unseen(const Evidence& evidence, std::string_view name, Seen seen)
{
    if (!is_unseen(evidence, name)) return seen;
    const std::string file = printable(find_setting(evidence, name)->file);
    if (file.empty())
        return unless_known(std::move(seen), "the Secret or ConfigMap with its value was not seen",
                            "Check " + std::string(name) + " in the container.");
    return unless_known(std::move(seen), file + ", which has the value of " + std::string(name) + ", was not seen",
                        "Check " + file + " in the container, or name the compose file that mounts it with --compose.");
}

std::string written(const Evidence& evidence, std::string_view name)
{
    if (is_in_file(evidence, name)) return std::string(name) + "_FILE=" + printable(find_setting(evidence, name)->file);
    return std::string(name) + "=" + printable(value_of(evidence, name));
}

Sightings tls_enforced(const Evidence& evidence, const char* consequence)
{
    const char* const name = "INBOUND_TLS_ENFORCE";
    const bool unseen = is_unseen(evidence, name);
    if (!unseen && !is_true(evidence, name)) return {};
    return {unless_unseen(evidence, name,
                          see(where_of(evidence, name), {datum("setting", written(evidence, name)),
                                                         unseen ? ": if it is true, " : ": ", consequence}))};
}

// The container's side of "127.0.0.1:587:587/tcp".
std::string inner_port(const std::string& port)
{
    const std::string without_protocol = port.substr(0, port.find('/'));
    return without_protocol.substr(without_protocol.rfind(':') + 1);
}

bool is_known_token(const std::string& token)
{
    return token == "mail" || token == "all-but-http" || token == "all" || parse_decimal(token).has_value();
}

// What front mounts at /certs, which need not be below Mailu's root.
std::string certificates_of(const Evidence& evidence)
{
    const MountFact* const mount = mount_at(evidence, "/certs");
    return mount == nullptr || mount->host_path.empty() ? evidence.config_dir + "/certs" : mount->host_path;
}

void look_at_certificate(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.config_known || !evidence.files) return;
    for (const char* name : {"certs/cert.pem", "certs/key.pem"}) {
        const std::string path = certificates_of(evidence) + "/" + base_name(name);
        const auto facts = evidence.files->facts(path);
        if (!facts)
            seen.push_back(see(where_of(evidence, "TLS_FLAVOR"),
                               {"TLS_FLAVOR=cert, but ", datum("path", path), " does not exist"}, "Put it there."));
        else if (facts->kind == Kind::symlink &&
                 (facts->link_text.starts_with('/') || facts->link_text.starts_with("..")))
            seen.push_back(see(name,
                               {"a link to ", datum("link", facts->link_text), ", which the container does not see"},
                               "Copy the file into certs/ instead of linking it."));
    }
}

struct Renamed {
    std::string_view name, since, successor, value = {};
};

constexpr std::array<Renamed, 7> renamed{{
    {"POD_ADDRESS_RANGE", "2.0", "Set SUBNET."},
    {"LMTP_ADDRESS", "2.0", "Set IMAP_ADDRESS."},
    {"POP3_ADDRESS", "2.0", "Set IMAP_ADDRESS."},
    {"AUTHSMTP_ADDRESS", "2.0", "Set SMTP_ADDRESS."},
    {"WEBMAIL", "2.0", "Set WEBMAIL=snappymail or roundcube.", "rainloop"},
    {"KUBERNETES_INGRESS", "2024.06", "Set TLS_FLAVOR, and PROXY_PROTOCOL if an ingress is in front."},
    {"POSTFIX_LOG_FILE", "2024.06", "Remove it: logs go to the container's output."},
}};

void add_renamed(const Evidence& evidence, const std::string& name, const Renamed& row, Sightings& seen)
{
    const Certainty gone = at_least(evidence.to, row.since);
    if (gone == Certainty::no) return;
    Seen one = see(where_of(evidence, name),
                   {datum("name", name),
                    datum("value", std::string(row.value), row.value.empty() ? "" : "=" + std::string(row.value)),
                    " is not read from ", datum("since", std::string(row.since)), " on"},
                   std::string(row.successor));
    if (gone == Certainty::unknown) one.unknown = "the version is not known";
    seen.push_back(std::move(one));
}

}  // namespace

Sightings lmtp_tls(const Evidence& evidence)
{
    return tls_enforced(evidence, "local delivery fails with 451 4.3.0 Temporary user lookup failure");
}

Sightings tls_enforce_policy(const Evidence& evidence)
{
    return tls_enforced(evidence, "mail without TLS is refused, not protected");
}

Sightings lmtp_ratelimit(const Evidence& evidence)
{
    if (evidence.to.text.empty()) return {};
    const auto all = services(evidence);
    const auto found = std::ranges::find_if(
        all, [](const ComposeService* service) { return is_image_of(System::mailu, service->image); });
    return {see(found == all.end() ? "Mailu " + printable(evidence.to.text) : (*found)->image_where,
                {"when a rate limit is reached, Mailu ", datum("release", evidence.to.text),
                 " fails to deliver locally, with a KeyError"})};
}

namespace {

// Those that PORTS decides on, by the container's side.
std::vector<std::string> mapped_ports(const ComposeService& service)
{
    std::vector<std::string> mapped;
    for (const ComposeItem& port : service.ports)
        for (const char* mail_port : {"110", "143", "587"})
            if (inner_port(port.text) == mail_port && std::ranges::find(mapped, mail_port) == mapped.end())
                mapped.emplace_back(mail_port);
    return mapped;
}

std::vector<std::string> closed_ports(const Evidence& evidence, const ComposeService& service)
{
    const std::vector<std::string> open = split_list(value_of(evidence, "PORTS"), ',');
    std::vector<std::string> closed = mapped_ports(service);
    std::erase_if(closed, [&](const std::string& port) { return std::ranges::find(open, port) != open.end(); });
    return closed;
}

std::string ports_with(const std::vector<std::string>& more)
{
    return "25,80,443,465,993,995,4190," + join(more, ",");
}

// Postfix listens on 25 and 10025, Dovecot on 143 and 110 for front alone, which knows who may log in
// (core/postfix/conf/master.cf, core/dovecot/conf/dovecot.conf): PORTS does nothing for such a mapping.
void look_past_front(const ComposeService& service, Sightings& seen)
{
    const std::vector<std::string> mapped = mapped_ports(service);
    if (mapped.empty()) return;
    seen.push_back(see(Severity::warning, service.where,
                       {datum("service", service.name), " maps ", datum("ports", join(mapped)),
                        ", bypassing front, where clients log in"},
                       "Map it at front instead, and set PORTS=" + ports_with(mapped) + "."));
}

Seen unless_ports_unknown(const Evidence& evidence, Seen one)
{
    if (!is_known(evidence.from))
        one =
            if_from_were_known(std::move(one), "the release that runs now is not known, and 2024.06 has PORTS already");
    one = unless_variable_is_seen(evidence, "PORTS", std::move(one));
    return unless_unseen(evidence, "PORTS", std::move(one));
}

}  // namespace

// PORTS is of 2024.06; the set-up page of that release writes compose files without a line for each port.
Sightings ports(const Evidence& evidence)
{
    Sightings seen;
    if (at_least(evidence.from, "2024.06") == Certainty::yes) return seen;
    for (const ComposeService* const service : services(evidence, Role::front)) {
        const std::vector<std::string> closed = closed_ports(evidence, *service);
        if (closed.empty()) continue;
        seen.push_back(unless_ports_unknown(evidence, see(service->where,
                                                          {datum("service", service->name), " maps ",
                                                           datum("ports", join(closed)), ", which PORTS does not open"},
                                                          "Set PORTS=" + ports_with(closed) + ".")));
    }
    for (const Role role : {Role::smtp, Role::imap})
        for (const ComposeService* const service : services(evidence, role)) look_past_front(*service, seen);
    return seen;
}

Sightings proxy_protocol(const Evidence& evidence)
{
    const std::string value = value_of(evidence, "PROXY_PROTOCOL"), where = where_of(evidence, "PROXY_PROTOCOL");
    if (is_unseen(evidence, "PROXY_PROTOCOL"))
        return {unless_unseen(
            evidence, "PROXY_PROTOCOL",
            see(where, {datum("setting", written(evidence, "PROXY_PROTOCOL")), " may have an unknown value"}))};
    if (value.empty()) return {};
    Sightings seen;
    if (value.find(' ') != std::string::npos)
        seen.push_back(see(where, {datum("setting", written(evidence, "PROXY_PROTOCOL")), " has a space in its list"},
                           "Remove the space."));
    for (const std::string& token : split_list(value, ','))
        if (!is_known_token(token))
            seen.push_back(
                see(where,
                    {datum("token", is_in_file(evidence, "PROXY_PROTOCOL") ? "the content of the file" : token),
                     " is neither a port nor mail, all-but-http or all"},
                    "Write ports, mail, all-but-http or all, separated by commas."));
    if (value_of(evidence, "REAL_IP_FROM").empty() && !is_unseen(evidence, "REAL_IP_FROM"))
        seen.push_back(
            see(where, "PROXY_PROTOCOL is set without REAL_IP_FROM", "Set REAL_IP_FROM to the proxy's network."));
    if (!value_of(evidence, "REAL_IP_HEADER").empty())
        seen.push_back(see(where_of(evidence, "REAL_IP_HEADER"), "REAL_IP_HEADER is set together with PROXY_PROTOCOL",
                           "Remove REAL_IP_HEADER."));
    return seen;
}

Sightings tls_flavor(const Evidence& evidence)
{
    static constexpr std::array<std::string_view, 5> known{"cert", "letsencrypt", "mail", "mail-letsencrypt", "notls"};
    Sightings seen;
    const std::string value = value_of(evidence, "TLS_FLAVOR");
    if (is_unseen(evidence, "TLS_FLAVOR"))
        seen.push_back(unless_unseen(
            evidence, "TLS_FLAVOR",
            see(where_of(evidence, "TLS_FLAVOR"),
                {datum("setting", written(evidence, "TLS_FLAVOR")), " may have a value that Mailu does not know"})));
    if (!value.empty() && std::ranges::find(known, value) == known.end())
        seen.push_back(see(where_of(evidence, "TLS_FLAVOR"),
                           {datum("setting", written(evidence, "TLS_FLAVOR")), " is not a value that Mailu knows"},
                           "Use cert, letsencrypt, mail, mail-letsencrypt or notls."));
    if (value == "cert") look_at_certificate(evidence, seen);
    return seen;
}

Sightings env_renamed(const Evidence& evidence)
{
    static constexpr std::array<std::string_view, 10> hosts{
        "HOST_ADMIN", "HOST_ANTISPAM", "HOST_ANTIVIRUS", "HOST_AUTHSMTP", "HOST_FRONT",
        "HOST_IMAP",  "HOST_LMTP",     "HOST_POP3",      "HOST_REDIS",    "HOST_SMTP"};
    Sightings seen;
    for (const Renamed& row : renamed) {
        const std::string value = value_of(evidence, row.name);
        if (!value.empty() && (row.value.empty() || value == row.value))
            add_renamed(evidence, std::string(row.name), row, seen);
    }
    for (const auto& [name, setting] : evidence.settings)
        if (std::ranges::find(hosts, name) != hosts.end() || name == "HOST_WEBMAIL" || name == "HOST_WEBDAV") {
            const std::string hint = "Set " + name.substr(5) + "_ADDRESS, without a port.";
            add_renamed(evidence, name, {name, "2.0", hint}, seen);
        }
    return seen;
}

Sightings real_ip(const Evidence& evidence)
{
    const std::string flavor = value_of(evidence, "TLS_FLAVOR");
    if (flavor != "mail" && flavor != "notls") return {};
    for (const char* name : {"REAL_IP_HEADER", "REAL_IP_FROM", "PROXY_PROTOCOL"})
        if (!value_of(evidence, name).empty() || is_unseen(evidence, name)) return {};
    Seen one = see(where_of(evidence, "TLS_FLAVOR"),
                   {"TLS_FLAVOR=", datum("flavor", flavor),
                    " means a proxy in front, but REAL_IP_HEADER and REAL_IP_FROM are empty: all who log in "
                    "through it (admin, webmail) share one rate limit and one ban"});
    if (at_least(evidence.from, "1.9") == Certainty::yes) one.severity = Severity::warning;  // it has been so before
    return {one};
}

Sightings auth_ratelimit(const Evidence& evidence)
{
    if (value_of(evidence, "AUTH_RATELIMIT").empty()) return {};
    return {see(where_of(evidence, "AUTH_RATELIMIT"), "AUTH_RATELIMIT is not read from 1.9 on")};
}

}  // namespace mailstate::mailu
