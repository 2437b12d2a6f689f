// SPDX-License-Identifier: MIT
#include "preflight/relay.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/address.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::string_view map_file = "postfix-relaymap.cf", credentials_file = "postfix-sasl-password.cf";

bool opted_out(const RelayFiles& files, std::string_view key)
{
    return std::ranges::any_of(
        files.map, [&](const RelayLine& line) { return line.host.empty() && lower_case(line.sender) == key; });
}

// The first line of a key counts: Postfix's texthash warns of the others.
void add_map(RelaySetup& setup, const RelayFiles& files, const RelayVariables& variables)
{
    for (const RelayLine& line : files.map)
        if (!line.host.empty())
            setup.map.emplace(lower_case(line.sender), RelayRow{line.host, place_of(map_file, line.line)});
    if (variables.relay_host.empty()) return;
    for (const auto& [domain, where] : files.domains) {
        const std::string key = "@" + lower_case(domain);
        if (!opted_out(files, key))
            setup.map.emplace(key, RelayRow{relay_host_of(variables), "RELAY_HOST, for the domain of " + where});
    }
}

bool has_credentials(const RelayFiles& files, const RelayVariables& variables)
{
    return files.has_credentials || (variables.has_user && variables.has_password);
}

void add_credentials(RelaySetup& setup, RelayEra era, const RelayFiles& files, const RelayVariables& variables)
{
    for (const CredentialKey& row : files.credentials)
        setup.credentials.emplace(lower_case(row.key), place_of(credentials_file, row.line));
    setup.by_sender = files.has_credentials;
    if (!variables.has_user || !variables.has_password) return;
    const bool default_first = era == RelayEra::v14 && !variables.default_relay_host.empty();
    setup.credentials.emplace(lower_case(default_first ? variables.default_relay_host : relay_host_of(variables)),
                              "RELAY_USER and RELAY_PASSWORD");
}

bool is_active(RelayEra era, const RelayFiles& files, const RelayVariables& variables)
{
    if (!variables.relay_host.empty()) return true;
    return era == RelayEra::v14 && (files.has_map || !variables.default_relay_host.empty());
}

// The sender, the server's name, and the next hop as it is spelled (smtp_sasl_glue.c).
std::string credentials_for(const RelaySetup& setup, std::string_view sender, const std::string& next_hop)
{
    std::vector<std::string> keys;
    if (setup.by_sender) keys = lookup_keys(lower_case(sender));
    for (const std::string& key : credential_keys(next_hop)) keys.push_back(key);
    for (const std::string& key : keys)
        if (setup.credentials.contains(key)) return key;
    return "";
}

}  // namespace

std::vector<std::string> credential_keys(const std::string& next_hop)
{
    if (next_hop == "mx") return {};
    const std::string spelled = lower_case(next_hop);
    const std::size_t end = spelled.find(']');
    if (!spelled.starts_with('[') || end == std::string::npos) return {spelled};  // whose server an MX record names
    return {spelled.substr(1, end - 1), spelled};
}

std::string relay_host_of(const RelayVariables& variables)
{
    return "[" + variables.relay_host + "]:" + variables.relay_port;
}

RelaySetup relay_setup(RelayEra era, const RelayFiles& files, const RelayVariables& variables)
{
    RelaySetup setup;
    if (!variables.default_relay_host.empty()) {
        setup.relayhost = variables.default_relay_host;
        setup.relayhost_where = "DEFAULT_RELAY_HOST";
    }
    if (!is_active(era, files, variables)) return setup;
    add_map(setup, files, variables);
    const bool credentials = has_credentials(files, variables);
    if (credentials) add_credentials(setup, era, files, variables);
    setup.authentication = era == RelayEra::v13 || credentials;
    return setup;
}

Route route_of(const RelaySetup& setup, std::string_view sender)
{
    Route route{"mx", "", setup.authentication ? "encrypt" : "opportunistic", "no relay host is set for this sender"};
    for (const std::string& key : lookup_keys(lower_case(sender))) {
        const auto found = setup.map.find(key);
        if (found == setup.map.end()) continue;
        route.next_hop = found->second.host;
        route.because = found->second.where + " maps " + key;
        break;
    }
    if (route.next_hop == "mx" && !setup.relayhost.empty()) {
        route.next_hop = setup.relayhost;
        route.because = setup.relayhost_where + " is set";
    }
    if (setup.authentication) route.credentials = credentials_for(setup, sender, route.next_hop);
    if (!route.credentials.empty())
        route.because += "; credentials by " + route.credentials + " of " + setup.credentials.at(route.credentials);
    return route;
}

}  // namespace mailstate
