// SPDX-License-Identifier: MIT
// The rule book of Mailu. Threads: github.com/Mailu/Mailu.
#include <algorithm>
#include <array>

#include "mailstate/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

using enum Severity;

// "true" and "yes" are true; "false", "no" and nothing are false; any other text counts as true, "0" and "off" too.
bool is_true(const Evidence& evidence, std::string_view name)
{
    const std::string value = lower_case(value_of(evidence, name));
    return !value.empty() && value != "false" && value != "no";
}

// A value that stands in a file is not repeated: it may be a secret that somebody took for it.
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

// As it is, unless the variable stands in a file that was not seen.
Seen unless_unseen(const Evidence& evidence, std::string_view name, Seen seen)
{
    if (!is_unseen(evidence, name)) return seen;
    const std::string file = printable(find_setting(evidence, name)->file);
    return unless_known(
        std::move(seen), file + ", where the value of " + std::string(name) + " stands, was not seen",
        "Look into " + file + " in the container; here it is seen where --compose names the file that mounts it.");
}

std::string written(const Evidence& evidence, std::string_view name)
{
    if (is_in_file(evidence, name)) return std::string(name) + "_FILE=" + printable(find_setting(evidence, name)->file);
    return std::string(name) + "=" + printable(value_of(evidence, name));
}

const std::vector<ComposeService>& services(const Evidence& evidence)
{
    static const std::vector<ComposeService> none;
    return evidence.compose ? evidence.compose->services : none;
}

std::vector<std::string> names(const Evidence& evidence, const std::string& place)
{
    if (!evidence.files || !evidence.config_known) return {};
    return evidence.files->names(evidence.config_dir + "/" + place);
}

Sightings tls_enforced(const Evidence& evidence, const std::string& consequence)
{
    const char* const name = "INBOUND_TLS_ENFORCE";
    const bool unseen = is_unseen(evidence, name);
    if (!unseen && !is_true(evidence, name)) return {};
    return {unless_unseen(
        evidence, name,
        see(where_of(evidence, name), written(evidence, name) + (unseen ? ": if it is true, " : ": ") + consequence))};
}

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
    return {see("Mailu " + printable(evidence.to.text),
                "when a rate limit is reached, local delivery fails with a KeyError")};
}

// The container's side of "127.0.0.1:587:587/tcp".
std::string inner_port(const std::string& port)
{
    const std::string without_protocol = port.substr(0, port.find('/'));
    return without_protocol.substr(without_protocol.rfind(':') + 1);
}

Sightings ports(const Evidence& evidence)
{
    Sightings seen;
    std::vector<std::string> open = split_list(value_of(evidence, "PORTS"), ',');
    for (const ComposeService& service : services(evidence)) {
        std::vector<std::string> missing;
        for (const std::string& port : service.ports)
            for (const char* mail_port : {"110", "143", "587"})
                if (inner_port(port) == mail_port && std::ranges::find(open, mail_port) == open.end() &&
                    std::ranges::find(missing, mail_port) == missing.end())
                    missing.emplace_back(mail_port);
        if (!missing.empty())
            seen.push_back(unless_unseen(
                evidence, "PORTS",
                see(service.where, service.name + " maps " + join(missing) + ", which PORTS does not open",
                    "Set PORTS=25,80,443,465,993,995,4190," + join(missing, ",") + ".")));
    }
    return seen;
}

bool is_known_token(const std::string& token)
{
    return token == "mail" || token == "all-but-http" || token == "all" || parse_decimal(token).has_value();
}

Sightings proxy_protocol(const Evidence& evidence)
{
    const std::string value = value_of(evidence, "PROXY_PROTOCOL"), where = where_of(evidence, "PROXY_PROTOCOL");
    if (is_unseen(evidence, "PROXY_PROTOCOL"))
        return {unless_unseen(evidence, "PROXY_PROTOCOL",
                              see(where, written(evidence, "PROXY_PROTOCOL") + " may say what is not understood"))};
    if (value.empty()) return {};
    Sightings seen;
    if (value.find(' ') != std::string::npos)
        seen.push_back(
            see(where, written(evidence, "PROXY_PROTOCOL") + " has a space in its list", "Remove the space."));
    for (const std::string& token : split_list(value, ','))
        if (!is_known_token(token))
            seen.push_back(see(where,
                               (is_in_file(evidence, "PROXY_PROTOCOL") ? "what the file says" : printable(token)) +
                                   " is no port, and not mail, all-but-http or all",
                               "Name ports, mail, all-but-http or all, separated by commas."));
    if (value_of(evidence, "REAL_IP_FROM").empty() && !is_unseen(evidence, "REAL_IP_FROM"))
        seen.push_back(
            see(where, "PROXY_PROTOCOL is set without REAL_IP_FROM", "Set REAL_IP_FROM to the proxy's network."));
    if (!value_of(evidence, "REAL_IP_HEADER").empty())
        seen.push_back(see(where_of(evidence, "REAL_IP_HEADER"), "REAL_IP_HEADER is set together with PROXY_PROTOCOL",
                           "Remove REAL_IP_HEADER."));
    return seen;
}

struct ImageTrouble {
    bool is_there = false;
    std::string_view since;
    std::string what;
    Certainty counts = Certainty::no;
};

// What is wrong with an image for the version: what is so rather than what may be.
ImageTrouble image_trouble(const ComposeService& service, const Version& to)
{
    const std::string name = image_name(service.image), base = base_name(name);
    const bool with_version = service.written_image.find("MAILU_VERSION") != std::string::npos;
    std::array<ImageTrouble, 3> troubles{{
        {base == "clamav" && with_version, "2024.06", "there is no clamav image with Mailu's version any more"},
        {base == "rainloop" || base == "roundcube", "2.0", base + " is part of the image webmail now"},
        {name.starts_with("mailu/") || name.starts_with("docker.io/mailu/"), "2.0",
         "the images are at ghcr.io/mailu now"},
    }};
    for (ImageTrouble& each : troubles) each.counts = each.is_there ? at_least(to, each.since) : Certainty::no;
    for (const Certainty wanted : {Certainty::yes, Certainty::unknown})
        if (const auto* const found = std::ranges::find(troubles, wanted, &ImageTrouble::counts);
            found != troubles.end())
            return *found;
    return {};
}

Sightings images(const Evidence& evidence)
{
    Sightings seen;
    for (const ComposeService& service : services(evidence)) {
        const ImageTrouble trouble = image_trouble(service, evidence.to);
        if (trouble.counts == Certainty::no) continue;
        Seen one = see(service.where,
                       service.name + " has the image " + printable(service.written_image) + ": " + trouble.what);
        if (trouble.counts == Certainty::unknown)
            one.unknown = "that is so from " + std::string(trouble.since) + " on, and the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

Sightings nested_mount(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& inner : evidence.mounts)
        for (const MountFact& outer : evidence.mounts) {
            if (outer.target != "/var/lib/rspamd" || inner.service == outer.service || inner.host_path.empty())
                continue;
            if (inner.host_path != outer.host_path && is_at_or_below(outer.host_path, inner.host_path) &&
                !outer.host_path.empty())
                seen.push_back(see(inner.where, inner.service + " keeps its data in " + printable(inner.source) +
                                                    ", inside " + printable(outer.source) + " of " + outer.service));
        }
    return seen;
}

Sightings overrides_path(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below("/etc/rspamd/override.d", mount.target))
            seen.push_back(see(mount.where, said(mount) + " is where overrides were read from before 2.0"));
    return seen;
}

Sightings fts(const Evidence& evidence)
{
    Few few;
    for (const std::string place : {"overrides", "overrides/dovecot"})
        for (const std::string& name : names(evidence, place)) {
            const auto text = config_text(evidence, place + "/" + name);
            const int line = text ? line_with(*text, "xapian") : 0;
            if (line > 0) few.add(place_of(place + "/" + name, line), "fts_xapian is not in the image any more");
        }
    for (const std::string& user : names(evidence, "mail"))
        for (const std::string& name : names(evidence, "mail/" + user))
            if (name == "xapian-indexes")
                few.add("mail/" + printable(user) + "/xapian-indexes",
                        "an index of fts_xapian that nobody reads any more");
    return few.take();
}

void look_at_certificate(const Evidence& evidence, Sightings& seen)
{
    if (!evidence.config_known || !evidence.files) return;
    for (const char* name : {"certs/cert.pem", "certs/key.pem"}) {
        const std::string path = evidence.config_dir + "/" + name;
        const auto facts = evidence.files->facts(path);
        if (!facts)
            seen.push_back(see(name, "TLS_FLAVOR=cert, but " + printable(path) + " is not there", "Put it there."));
        else if (facts->kind == Kind::symlink &&
                 (facts->link_text.starts_with('/') || facts->link_text.starts_with("..")))
            seen.push_back(see(name, "a link to " + printable(facts->link_text) + ", which the container does not see",
                               "Copy the file into certs/ instead of linking it."));
    }
}

Sightings tls_flavor(const Evidence& evidence)
{
    static constexpr std::array<std::string_view, 5> known{"cert", "letsencrypt", "mail", "mail-letsencrypt", "notls"};
    Sightings seen;
    const std::string value = value_of(evidence, "TLS_FLAVOR");
    if (is_unseen(evidence, "TLS_FLAVOR"))
        seen.push_back(unless_unseen(evidence, "TLS_FLAVOR",
                                     see(where_of(evidence, "TLS_FLAVOR"),
                                         written(evidence, "TLS_FLAVOR") + " may say what Mailu does not know")));
    if (!value.empty() && std::ranges::find(known, value) == known.end())
        seen.push_back(see(where_of(evidence, "TLS_FLAVOR"),
                           written(evidence, "TLS_FLAVOR") + " is none that Mailu knows",
                           "Use cert, letsencrypt, mail, mail-letsencrypt or notls."));
    if (value == "cert") look_at_certificate(evidence, seen);
    return seen;
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
    {"KUBERNETES_INGRESS", "2024.06", "Set TLS_FLAVOR, and PROXY_PROTOCOL where an ingress stands in front."},
    {"POSTFIX_LOG_FILE", "2024.06", "Remove it: logs go to the container's output."},
}};

void add_renamed(const Evidence& evidence, const std::string& name, const Renamed& row, Sightings& seen)
{
    const Certainty gone = at_least(evidence.to, row.since);
    if (gone == Certainty::no) return;
    Seen one = see(where_of(evidence, name),
                   name + (row.value.empty() ? "" : "=" + std::string(row.value)) + " is not read from " +
                       std::string(row.since) + " on",
                   std::string(row.successor));
    if (gone == Certainty::unknown) one.unknown = "the version is not known";
    seen.push_back(std::move(one));
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

struct Revision {
    std::string_view id, version;
};
constexpr std::array<Revision, 3> revisions{
    {{"3b7eee912b41", "1.9"}, {"7ac252f2bbbf", "2.0"}, {"0ba45693748d", "2024.06"}}};

Sightings downgrade(const Evidence& evidence)
{
    const auto* const found = std::ranges::find(revisions, evidence.database_revision, &Revision::id);
    if (found == revisions.end() || at_least(evidence.to, found->version) == Certainty::yes) return {};
    Seen one = see("data/main.db", "the database is that of " + std::string(found->version) + " (revision " +
                                       std::string(found->id) + "), newer than " +
                                       (evidence.to.text.empty() ? "what is installed" : printable(evidence.to.text)));
    if (at_least(evidence.to, found->version) == Certainty::unknown) one.unknown = "the version is not known";
    return {one};
}

Sightings network_fs(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts)
        for (const char* target : {"/queue", "/mail", "/data"})
            if (mount.target == target && is_network_type(mount.fs_type))
                seen.push_back(see(mount.where, (mount.service.empty() ? "" : mount.service + ": ") + mount.target +
                                                    " is on " + mount.fs_type + " (" + printable(mount.source) + ")"));
    return seen;
}

Sightings hardened_malloc(const Evidence& evidence)
{
    if (value_of(evidence, "LD_PRELOAD").find("hardened_malloc") == std::string::npos) return {};
    Seen one = see(where_of(evidence, "LD_PRELOAD"), "hardened_malloc is preloaded, and this CPU has no avx2");
    if (!evidence.cpu_flags) {
        one.message = "hardened_malloc is preloaded, which needs avx2";
        one = unless_known(std::move(one), "the CPU that it will run on was not seen",
                           "Run grep avx2 /proc/cpuinfo on its host.");
    } else if ((" " + *evidence.cpu_flags + " ").find(" avx2 ") != std::string::npos) {
        return {};
    }
    return {one};
}

constexpr std::array rules{
    Rule{"mailu.lmtp-tls",
         error,
         {"2024.06.0", "2024.06.13"},
         lmtp_tls,
         "2024.06.0 to .12 ask for TLS in LMTP too and have no code for it: KeyError: 'lmtp'.",
         "Use 2024.06.13 or later, or unset INBOUND_TLS_ENFORCE.",
         "#3403; core/admin/mailu/internal/nginx.py"},
    Rule{"mailu.tls-enforce-policy",
         warning,
         {},
         tls_enforce_policy,
         "RFC 3207 forbids it for hosts that the internet sends mail to.",
         "Unset INBOUND_TLS_ENFORCE.",
         "RFC 3207"},
    Rule{"mailu.lmtp-ratelimit",
         warning,
         {"", "2024.06.28"},
         lmtp_ratelimit,
         "The rate limit's path raises the same KeyError: 'lmtp', whatever the variable.",
         "Use 2024.06.28 or later.",
         "PR #3696"},
    Rule{"mailu.ports",
         error,
         {"2024.06", ""},
         ports,
         "From 2024.06 on the front opens only the ports of PORTS.",
         "Set PORTS.",
         "docs: 2024.06 upgrade"},
    Rule{"mailu.proxy-protocol",
         error,
         {"2024.06.10", ""},
         proxy_protocol,
         "From 2024.06.10 on every service fails at start where PROXY_PROTOCOL is not understood.",
         "Name ports, mail, all-but-http or all.",
         "docs: PROXY_PROTOCOL"},
    Rule{"mailu.images",
         error,
         {},
         images,
         "The compose file names images that the version does not have.",
         "Make the compose file anew at setup.mailu.io.",
         "docs: upgrade"},
    Rule{"mailu.nested-mount",
         error,
         {},
         nested_mount,
         "A recursive chown of the outer service takes the inner one's files.",
         "Mount clamav beside it, with owner 1000:1000.",
         "#3612, #3673"},
    Rule{"mailu.overrides-path",
         warning,
         {"2.0", ""},
         overrides_path,
         "From 2.0 on overrides are read from /overrides.",
         "Mount the folder at /overrides.",
         "docs: 2.0 upgrade"},
    Rule{"mailu.fts",
         warning,
         {"2024.06", ""},
         fts,
         "2024.06 searches with flatcurve.",
         "Delete it, then run doveadm fts rescan -A.",
         "docs: 2024.06 upgrade"},
    Rule{"mailu.tls-flavor",
         error,
         {},
         tls_flavor,
         "Without a certificate that it sees, the front does not start TLS.",
         "Set TLS_FLAVOR, and put cert.pem and key.pem into certs/.",
         "docs: TLS_FLAVOR"},
    Rule{"mailu.env-renamed",
         warning,
         {},
         env_renamed,
         "A variable that is not read any more.",
         "Use the new name.",
         "docs: upgrade"},
    Rule{"mailu.downgrade",
         error,
         {},
         downgrade,
         "There is no way back across a migration of the database.",
         "Use that version or a later one, or restore the backup from before.",
         "core/admin/migrations"},
    Rule{"mailu.network-fs",
         warning,
         {},
         network_fs,
         "Queues, mail and SQLite need locks and owners that work.",
         "Use a local volume.",
         "#1220"},
    Rule{"mailu.hardened-malloc",
         error,
         {},
         hardened_malloc,
         "Its build needs avx2: services crash without.",
         "Set LD_PRELOAD to nothing.",
         "docs: hardened_malloc"},
};

}  // namespace

std::span<const Rule> mailu_rules()
{
    return rules;
}

}  // namespace mailstate
