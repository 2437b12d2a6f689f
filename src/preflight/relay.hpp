// SPDX-License-Identifier: MIT
// Relay semantics of docker-mailserver: what its start script makes of the relay files and variables, and where Postfix
// then sends a sender's mail. Sources: target/scripts/helpers/relay.sh of v13.3.1 and v14.0.0; postconf(5).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/mail_tables.hpp"

namespace mailstate {

struct RelayFiles {
    bool has_map = false, has_credentials = false;  // the file is there, be it empty
    std::vector<RelayLine> map;
    std::vector<CredentialKey> credentials;
    std::map<std::string, std::string, std::less<>> domains;  // of accounts and aliases → "postfix-accounts.cf:3"
};

struct RelayVariables {
    std::string default_relay_host, relay_host, relay_port = "25";
    bool has_user = false, has_password = false;  // RELAY_USER, RELAY_PASSWORD; their values are nobody's business
};

enum class RelayEra { v13, v14 };  // up to v13.3.1; from v14.0.0 on

struct RelayRow {  // of the map that Postfix looks in
    std::string host, where;
};

struct RelaySetup {                                               // what the start script leaves for Postfix
    std::string relayhost, relayhost_where;                       // main.cf; empty: none
    std::map<std::string, RelayRow, std::less<>> map;             // sender_dependent_relayhost_maps, keys in lower case
    std::map<std::string, std::string, std::less<>> credentials;  // smtp_sasl_password_maps: key → where
    bool by_sender = false;                                       // smtp_sender_dependent_authentication
    bool authentication = false;  // smtp_sasl_auth_enable, and smtp_tls_security_level = encrypt
};

RelaySetup relay_setup(RelayEra era, const RelayFiles& files, const RelayVariables& variables);

struct Route {
    std::string next_hop;     // as Postfix spells it; "mx": the recipient's own
    std::string credentials;  // the key of the line that is used; empty: none
    std::string tls;          // "encrypt": mandatory; "opportunistic": where the other side offers it
    std::string because;
    bool operator==(const Route&) const = default;
};

Route route_of(const RelaySetup& setup, std::string_view sender);

// What smtp_sasl_password_maps is asked for, besides the sender, in lower case.
std::vector<std::string> credential_keys(const std::string& next_hop);

std::string relay_host_of(const RelayVariables& variables);  // "[host]:port", as the script writes it

}  // namespace mailstate
