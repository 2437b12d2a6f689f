// SPDX-License-Identifier: MIT
// What a release of mailcow took away or changed, by the tags of mailcow-dockerized.
#include <algorithm>
#include <array>

#include "preflight/lines.hpp"
#include "preflight/mailcow_rules.hpp"
#include "preflight/recognise.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailcow {

namespace {

struct GoneService {
    std::string_view name, since;
};
constexpr std::array<GoneService, 2> gone_services{{{"solr-mailcow", "2025-01"}, {"ipv6nat-mailcow", "2025-09"}}};

struct RemovedVariable {
    std::string_view name, since, successor;
};
// By the tags of mailcow-dockerized: the first release in which nothing reads the name.
constexpr std::array<RemovedVariable, 6> removed_variables{{
    {"SKIP_SOLR", "2025-01", "SKIP_FTS"},
    {"SOLR_HEAP", "2025-01", "FTS_HEAP, FTS_PROCS"},
    {"SOLR_PORT", "2025-01", ""},
    {"ACME_CONTACT", "2025-07", ""},
    {"DISABLE_IPv6", "2025-09", "ENABLE_IPV6"},
    {"SYSCTL_IPV6_DISABLED", "2022-01", "ENABLE_IPV6"},  // since 2018, in truth
}};

// Up to 2025-02 the images were at Docker Hub, later ones are at ghcr.io. The bound is 2025-03 or later.
Certainty ran_before(const Evidence& evidence, std::string_view bound)
{
    if (is_known(evidence.from))
        return at_least(evidence.from, bound) == Certainty::yes ? Certainty::no : Certainty::yes;
    const auto is_of_hub = [](const ComposeService& each) {
        return is_image_of(System::mailcow, each.image) && !each.image.starts_with("ghcr.io/");
    };
    const bool is_old = evidence.compose && std::ranges::any_of(evidence.compose->services, is_of_hub);
    return is_old ? Certainty::yes : Certainty::unknown;
}

Seen unless_from_known(Certainty certainty, Seen seen)
{
    return certainty == Certainty::unknown ? if_from_were_known(std::move(seen)) : seen;
}

// The way to switch IPv6 off was a service of that name that does nothing (docs: disable IPv6). From 2025-09 on
// update.sh asks the host (_modules/scripts/ipv6_controller.sh), and sends mail by an address that had no PTR record to
// have.
Seen own_image(const Evidence& evidence, const ComposeOverride& service, const GoneService& gone)
{
    const Part name = datum("service", service.name), since = datum("since", gone.since);
    const Certainty crosses = ran_before(evidence, gone.since);
    if (service.name == "ipv6nat-mailcow" && crosses != Certainty::no && !evidence.compose->override_ends_ipv6)
        return unless_from_known(
            crosses, see(service.where,
                         {name, " is not part of mailcow from ", since,
                          " on, so this stand-in disables nothing: update.sh enables IPv6 where the host has it"},
                         "Remove the service; to keep IPv6 off, set enable_ipv6: false for mailcow-network in the "
                         "override."));
    return see(Severity::note, service.where,
               {name, " is not part of mailcow from ", since,
                " on: it still starts from its own image, but mailcow does not use it"},
               "Remove it if it was meant for mailcow's service of that name.");
}

// compose-go 2.0.1, in Compose 2.26, asks no image of what no active profile starts; before it did.
Seen judged_override(const Evidence& evidence, const ComposeOverride& service, const GoneService& gone)
{
    if (service.has_image) return own_image(evidence, service, gone);
    const Part name = datum("service", service.name), since = datum("since", gone.since);
    const ComposeService* const merged = find_service(*evidence.compose, service.name);
    if (merged == nullptr || merged->enabled)
        return see(service.where, {name, " is not part of mailcow from ", since, " on, and has no image of its own"});
    return see(Severity::warning, service.where,
               {name, " is not part of mailcow from ", since,
                " on: Compose before 2.26 asks for its image, though its profile is not active"});
}

}  // namespace

Sightings override_service(const Evidence& evidence)
{
    Sightings seen;
    if (!evidence.compose) return seen;
    if (!evidence.compose->override_empty.empty())
        seen.push_back(see(evidence.compose->override_empty, "services: is empty, which compose refuses",
                           "Remove the line or the file."));
    for (const ComposeOverride& service : evidence.compose->override_services)
        for (const GoneService& gone : gone_services) {
            const Certainty is_gone = at_least(evidence.to, gone.since);
            if (service.name != gone.name || is_gone == Certainty::no) continue;
            Seen one = judged_override(evidence, service, gone);
            if (is_gone == Certainty::unknown) one.unknown = "the version is not known";
            seen.push_back(std::move(one));
        }
    return seen;
}

Sightings env_removed(const Evidence& evidence)
{
    Sightings seen;
    for (const auto& [name, setting] : evidence.settings) {
        const auto* const row = std::ranges::find(removed_variables, name, &RemovedVariable::name);
        if (row == removed_variables.end()) continue;
        const Certainty gone = at_least(evidence.to, row->since);
        if (gone == Certainty::no) continue;
        Seen one = see(where_of(evidence, name),
                       {datum("name", name), " is not read from ", datum("since", std::string(row->since)), " on",
                        datum("successor", std::string(row->successor),
                              row->successor.empty() ? "" : "; see " + std::string(row->successor))});
        if (gone == Certainty::unknown) one.unknown = "the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

namespace {

constexpr const char* use_provider =
    "Set up the same LDAP server in mailcow (System > Configuration > Access > Identity Provider), and test a login at "
    "/ before you remove yours.";

// Dovecot goes on asking it, after mailcow's own; the web pages and SOGo, whose own login is gone, ask mailcow alone:
// data/web/sogo-auth.php, data/conf/dovecot/auth/mailcowauth.php.
void own_passdb(const char* file, int line, Sightings& seen)
{
    seen.push_back(see(place_of(file, line),
                       "a passdb of your own: from 2025-03 on, users that only it knows cannot log in to SOGo",
                       use_provider));
}

}  // namespace

Sightings login_2025_03(const Evidence& evidence)
{
    if (at_least(evidence.from, "2025-03") == Certainty::yes) return {};
    Sightings seen;
    const auto extra = config_text(evidence, "dovecot/extra.conf");
    if (const int line = extra ? line_with(*extra, "passdb") : 0; line > 0)
        own_passdb("dovecot/extra.conf", line, seen);
    const auto main = config_text(evidence, "dovecot/dovecot.conf");
    if (const int line = main ? line_with(*main, "/etc/dovecot/ldap/") : 0; line > 0)
        own_passdb("dovecot/dovecot.conf", line, seen);
    const auto sogo = config_text(evidence, "sogo/plist_ldap");
    if (sogo && sogo->find("<!--") == std::string::npos && sogo->find("<key>") != std::string::npos)
        seen.push_back(
            see("sogo/plist_ldap", "SOGo does not read it from 2025-03 on, but plist_ldap.sh", use_provider));
    Seen pages = see("2025-03",
                     "administrators log in at /admin, domain administrators at /domainadmin, and authentication was "
                     "reworked");
    pages = unless_from_known(ran_before(evidence, "2025-03"), std::move(pages));
    seen.push_back(std::move(pages));
    return seen;
}

Sightings mta_sts(const Evidence& evidence)
{
    if (!evidence.files || evidence.home_dir.empty()) return {};
    for (const char* name : {"data/web/.well-known/mta-sts.txt", "data/web/mta-sts.txt"})
        if (home_facts(evidence, name))
            return {see(name, "it is not served from 2025-09 on: the policy comes from the database")};
    return {};
}

// Docker's and compose's versions are of the host, which a file does not tell.
Sightings docker_versions(const Evidence& evidence)
{
    if (at_least(evidence.from, "2025-09") == Certainty::yes) return {};
    return {unless_known(see("docker", "update.sh of 2025-09 and later refuses Docker before 24 and compose v1"),
                         "the versions on the host are not known", "Run docker version and docker compose version.")};
}

Sightings hostname(const Evidence& evidence)
{
    const std::string host = value_of(evidence, "MAILCOW_HOSTNAME");
    if (host.empty() || (host.find('.') != std::string::npos && !host.ends_with('.'))) return {};
    return {see(where_of(evidence, "MAILCOW_HOSTNAME"),
                {"MAILCOW_HOSTNAME=", datum("host", host), host.ends_with('.') ? " ends in a dot" : " has no dot"})};
}

}  // namespace mailstate::mailcow
