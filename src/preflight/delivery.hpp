// SPDX-License-Identifier: MIT
// Delivery semantics of docker-mailserver: who receives what is sent to an address. Postfix rewrites by virtual
// aliases, again and again, before it looks for a mailbox (virtual(5), cleanup(8)).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/mail_tables.hpp"

namespace mailstate {

// The tables, keyed in lower case. The first line of an alias counts, as postmap has it.
struct MailMap {
    std::map<std::string, Account, std::less<>> accounts;
    std::map<std::string, Alias, std::less<>> aliases;
    std::map<std::string, Quota, std::less<>> quotas;
    std::set<std::string, std::less<>> domains;  // of accounts and aliases: local
    bool has_regexp = false;                     // postfix-regexp.cf may rewrite first; it is not evaluated
};

MailMap make_mail_map(const std::vector<Account>& accounts, const std::vector<Alias>& aliases,
                      const std::vector<Quota>& quotas);

struct Delivery {
    bool mailbox = false;                // the address's own mailbox receives
    std::vector<std::string> mailboxes;  // local ones that receive
    std::vector<std::string> external;   // addresses elsewhere
    std::vector<std::string> unknown;    // local addresses without a mailbox: refused
    std::vector<std::string> followed;   // "sales@example.org (postfix-virtual.cf:3)"
    std::vector<std::string> visited;    // addresses that were rewritten, in order
    bool loop = false;                   // the rewriting has no end: Postfix refuses the mail, nobody receives
    std::string quota;                   // "5G (dovecot-quotas.cf:1)"; empty: none
    std::string because;
};

Delivery delivery_of(const MailMap& map, std::string_view recipient);

// The alias that a lookup of this address ends at: the whole address, without "+extension", "@domain". Null: none.
const Alias* find_alias(const MailMap& map, std::string_view address);

bool has_itself(const Alias& alias);  // the keep-a-copy form: itself among its targets

}  // namespace mailstate
