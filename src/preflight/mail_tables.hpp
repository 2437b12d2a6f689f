// SPDX-License-Identifier: MIT
// docker-mailserver's tables in the configuration folder. Passwords are dropped where they are read: nothing here
// holds one, so nothing can print one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "preflight/message.hpp"

namespace mailstate {

struct Account {             // postfix-accounts.cf: user@domain|{SHA512-CRYPT}hash|extra fields
    std::string address;     // as it is written
    std::string attributes;  // the extra fields' names only: "userdb_quota_rule"
    int line = 0;
};

struct Alias {  // postfix-virtual.cf: alias@domain  target[,target]; "@domain": a catch-all
    std::string address;
    std::vector<std::string> targets;
    int line = 0;
};

struct Quota {  // dovecot-quotas.cf: user@domain:5G
    std::string address, limit;
    int line = 0;
};

struct RelayLine {  // postfix-relaymap.cf: @domain [host]:port; without a host: opted out
    std::string sender, host;
    int line = 0;
};

struct CredentialKey {  // postfix-sasl-password.cf: KEY user:password, of which the key alone is kept
    std::string key;
    int line = 0;
};

template <class Row>
struct Table {
    std::vector<Row> rows;
    std::vector<Problem> problems;  // code dms.cf-lines; the rest was read
};

Table<Account> parse_accounts(std::string_view file, std::string_view text);
Table<Alias> parse_aliases(std::string_view file, std::string_view text);
Table<Quota> parse_quotas(std::string_view file, std::string_view text);
Table<RelayLine> parse_relay_map(std::string_view file, std::string_view text);
Table<CredentialKey> parse_credentials(std::string_view file, std::string_view text);

std::string domain_of(std::string_view address);  // behind the last '@'; empty where there is none

}  // namespace mailstate
