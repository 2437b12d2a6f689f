// SPDX-License-Identifier: MIT
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/relay_table.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

const char* const map_file = "postfix-relaymap.cf";

bool has_hosts(const RelayFiles& files)
{
    return std::ranges::any_of(files.map, [](const RelayLine& line) { return !line.host.empty(); });
}

int first_line(const RelayFiles& files)
{
    return files.map.empty() ? 1 : files.map.front().line;
}

bool blank(const std::string& text)
{
    return trim(text).empty();
}

struct Host {  // a relay host that mail may be sent to, and what names it
    std::string host, where, sender;
};

std::vector<Host> hosts(const Evidence& evidence)
{
    const RelaySetup setup = relay_setup(era_of(evidence.to), evidence.relay, evidence.relay_variables);
    std::vector<Host> result;
    for (const auto& [sender, row] : setup.map) result.push_back({row.host, row.where, sender});
    if (!setup.relayhost.empty()) result.push_back({setup.relayhost, "DEFAULT_RELAY_HOST", ""});
    return result;
}

std::string described(const Route& route)
{
    return (route.next_hop == "mx" ? "direct delivery" : route.next_hop) +
           (route.credentials.empty() ? "" : " with the credentials of " + route.credentials) +
           (route.tls == "encrypt" ? ", TLS mandatory" : "");
}

// A key that is neither an address nor in brackets may be a password in the wrong place.
std::string shown_key(const std::string& key)
{
    return key.find_first_of("@[") != std::string::npos ? printable(key) : "the key of that line";
}

}  // namespace

Sightings relay_map_ignored(const Evidence& evidence)
{
    if (!has_hosts(evidence.relay) || !evidence.relay_variables.relay_host.empty()) return {};
    return {see(place_of(map_file, first_line(evidence.relay)),
                {counted("lines", evidence.relay.map.size(), "line", "lines"),
                 " of the relay map have no effect, because RELAY_HOST is empty: mail is delivered directly"})};
}

Sightings relay_map_activates(const Evidence& evidence)
{
    if (!has_hosts(evidence.relay) || !evidence.relay_variables.relay_host.empty()) return {};
    const Certainty is_active = at_least(evidence.from, "14.0.0");
    if (is_active == Certainty::yes) return {};
    if (is_active == Certainty::unknown) {
        const Seen seen = see(place_of(map_file, first_line(evidence.relay)),
                              {counted("lines", evidence.relay.map.size(), "line", "lines"),
                               " of the relay map take effect from v14 on, even without RELAY_HOST"});
        return {if_from_were_known(seen)};
    }
    Few few;
    for (const SenderRoute& row : sender_routes(evidence))
        if (!(row.before == row.after) && row.before.next_hop != row.after.next_hop)
            few.add(row.where, {datum("sender", row.sender), ": ", datum("before", described(row.before)), " → ",
                                datum("after", described(row.after))});
    return few.take();
}

Sightings relay_host_blank(const Evidence& evidence)
{
    const std::string& host = evidence.relay_variables.relay_host;
    if (host.empty() || !blank(host)) return {};
    return {see(where_of(evidence, "RELAY_HOST"),
                {"RELAY_HOST contains only white space: every domain that the relay map does not name is sent to ",
                 datum("host", relay_host_of(evidence.relay_variables))})};
}

Sightings relay_no_credentials(const Evidence& evidence)
{
    Few few;
    const RelaySetup setup = relay_setup(era_of(evidence.to), evidence.relay, evidence.relay_variables);
    for (const Host& host : hosts(evidence)) {
        const std::string domain = host.sender.empty() ? "" : "@" + domain_of(host.sender);
        const auto has = [&](const std::string& key) { return setup.credentials.contains(lower_case(key)); };
        const auto has_own = [&](const auto& own) {
            return setup.map.contains("@" + own.first) || has("@" + own.first);
        };
        const bool by_sender =
            setup.by_sender && (host.sender.empty() ? !evidence.relay.domains.empty() &&
                                                          std::ranges::all_of(evidence.relay.domains, has_own)
                                                    : has(host.sender) || has(domain));
        if (by_sender || std::ranges::any_of(credential_keys(host.host), has) || blank(host.host)) continue;
        Seen one =
            see(host.where,
                {"there are no credentials for ", datum("host", host.host),
                 datum("sender", host.sender,
                       host.sender.empty() ? "" : "; it is the relay host for mail from " + printable(host.sender))});
        // A relay that knows its senders by address asks for none (upstream's page on Gmail).
        if (!setup.authentication) {
            one.severity = Severity::note;
            one.hint =
                "If it recognises this server by its IP address, no action is needed. Otherwise set RELAY_USER and "
                "RELAY_PASSWORD, or add a line to postfix-sasl-password.cf whose key is " +
                printable(host.host) + ".";
        }
        few.add(unless_config_is_seen(evidence, unless_settings_are_seen(evidence, std::move(one))));
    }
    return few.take();
}

Sightings relay_unused_credentials(const Evidence& evidence)
{
    Few few;
    const std::vector<Host> all = hosts(evidence);
    for (const CredentialKey& row : evidence.relay.credentials) {
        const std::string key = lower_case(row.key), domain = domain_of(key);
        const bool is_host = std::ranges::any_of(all, [&](const Host& host) {
            const std::vector<std::string> keys = credential_keys(host.host);
            return std::ranges::find(keys, key) != keys.end();
        });
        const bool is_sender = std::ranges::any_of(all, [&](const Host& host) {
            return host.sender == key || (!domain.empty() && domain_of(host.sender) == domain);
        });
        const bool is_domain = !domain.empty() && evidence.relay.domains.contains(domain) && !all.empty();
        if (!is_host && !is_sender && !is_domain)
            few.add(place_of("postfix-sasl-password.cf", row.line),
                    {datum("key", shown_key(row.key)),
                     " is neither a relay host as the map spells it, nor one of its senders"});
    }
    return few.take();
}

Sightings relay_credentials_moved(const Evidence& evidence)
{
    const RelayVariables& variables = evidence.relay_variables;
    if (variables.default_relay_host.empty() || blank(variables.relay_host)) return {};
    if (!variables.has_user || !variables.has_password) return {};
    const RelaySetup setup = relay_setup(RelayEra::v14, evidence.relay, variables);
    const auto has = [&](const std::string& key) { return setup.credentials.contains(key); };
    if (std::ranges::any_of(credential_keys(relay_host_of(variables)), has)) return {};
    return {see(where_of(evidence, "RELAY_USER"), {"RELAY_USER and RELAY_PASSWORD now belong to DEFAULT_RELAY_HOST ",
                                                   datum("default_host", variables.default_relay_host), ", and ",
                                                   datum("host", relay_host_of(variables)), " has none"})};
}

Sightings relay_opt_out_no_effect(const Evidence& evidence)
{
    Few few;
    if (!evidence.relay_variables.relay_host.empty()) return {};
    const std::string& other = evidence.relay_variables.default_relay_host;
    for (const RelayLine& line : evidence.relay.map)
        if (line.host.empty())
            few.add(
                place_of(map_file, line.line),
                {datum("sender", line.sender), " is meant to be exempt, but its line exempts it from RELAY_HOST only",
                 datum("host", other, other.empty() ? "" : ": its mail is sent to " + printable(other))});
    return few.take();
}

// An administrator who has set it for a separate transport knows.
static bool wraps_tls(const Evidence& evidence)
{
    const auto says = [&](const char* file) {
        return line_with(config_text(evidence, file).value_or(""), "smtp_tls_wrappermode") > 0;
    };
    return says("postfix-main.cf") || says("postfix-master.cf");
}

Sightings relay_465(const Evidence& evidence)
{
    if (wraps_tls(evidence)) return {};
    Few few;
    const auto add = [&](const std::string& where, const char* name, const std::string& host) {
        few.add(unless_config_is_seen(evidence, see(where, {datum(name, host), " uses implicit TLS"})));
    };
    for (const RelayLine& line : evidence.relay.map)
        if (line.host.ends_with(":465")) add(place_of(map_file, line.line), "host", line.host);
    const RelayVariables& variables = evidence.relay_variables;
    if (!variables.relay_host.empty() && variables.relay_port == "465")
        add(where_of(evidence, "RELAY_PORT"), "host", relay_host_of(variables));
    if (variables.default_relay_host.ends_with(":465"))
        add(where_of(evidence, "DEFAULT_RELAY_HOST"), "default_host", variables.default_relay_host);
    return few.take();
}

// With a relay host for all (relayhost) nothing is delivered directly, whatever the map leaves out.
Sightings relay_all_tls(const Evidence& evidence)
{
    const RelaySetup setup = relay_setup(era_of(evidence.to), evidence.relay, evidence.relay_variables);
    if (!setup.authentication || setup.credentials.empty() || !setup.relayhost.empty()) return {};
    const auto& [key, where] = *setup.credentials.begin();
    const bool file = where.find(':') != std::string::npos;
    return {see(file ? where : where_of(evidence, "RELAY_USER"),
                {"there are credentials (for ", datum("key", shown_key(key)),
                 "), which makes TLS mandatory for all outbound mail, even for mail that is delivered directly"})};
}

Sightings relay_ldap(const Evidence& evidence)
{
    if (value_of(evidence, "ACCOUNT_PROVISIONER") != "LDAP" || blank(evidence.relay_variables.relay_host)) return {};
    return {see(where_of(evidence, "ACCOUNT_PROVISIONER"),
                "the accounts come from LDAP, but RELAY_HOST is used only for domains of postfix-accounts.cf and "
                "postfix-virtual.cf")};
}

}  // namespace mailstate::dms
