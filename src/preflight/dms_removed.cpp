// SPDX-License-Identifier: MIT
// Variables that later releases do not read, or read with another default.
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

struct Removed {
    std::string_view name, since, successor;
    Severity severity = Severity::warning;
    std::string_view values = {};  // only these; empty: any
    std::string_view heir = {};    // the variable that is read in its place
};

constexpr const char* without_saslauthd =
    "Set ENABLE_SASLAUTHD=0: Dovecot checks the logins of postfix-accounts.cf itself. Only where an LDAP or an IMAP "
    "server has the passwords, set SASLAUTHD_MECHANISMS=ldap or rimap.";

constexpr std::array<Removed, 8> removed{{
    {"ENABLE_LDAP", "13.0.0", "Write ACCOUNT_PROVISIONER=LDAP instead of ENABLE_LDAP=1.", Severity::error},
    {"SASL_PASSWD", "12.0.0", "Use RELAY_USER and RELAY_PASSWORD, or postfix-sasl-password.cf."},
    {"ENABLE_POSTFIX_VIRTUAL_TRANSPORT", "12.0.0", "Remove it; POSTFIX_DAGENT sets the delivery agent."},
    {"SASLAUTHD_LDAP_SSL", "10.0.0", "Write the scheme into SASLAUTHD_LDAP_SERVER: ldaps://host."},
    {"DMS_DEBUG", "11.0.0", "Write LOG_LEVEL=debug.", Severity::note, "", "LOG_LEVEL"},
    {"SA_SPAM_SUBJECT", "14.0.0", "Write SPAM_SUBJECT.", Severity::note, "", "SPAM_SUBJECT"},
    {"ONE_DIR", "14.0.0", "Remove it: state is always consolidated where the volume is mounted.", Severity::note},
    {"SASLAUTHD_MECHANISMS", "15.0.0", without_saslauthd, Severity::error, " pam shadow mysql "},
}};

// What an option of a service says counts only while the service is on.
bool is_in_use(const Evidence& evidence, const Removed& row)
{
    return row.name != "SASLAUTHD_MECHANISMS" || gate(evidence, "ENABLE_SASLAUTHD");
}

std::string remedy(const Evidence& evidence, const Removed& row)
{
    if (row.heir.empty() || !is_set(evidence, row.heir)) return std::string(row.successor);
    return "Remove it: " + std::string(row.heir) + " takes precedence.";
}

const char* what_became_of(const Removed& row)
{
    if (row.name == "SA_SPAM_SUBJECT") return " is deprecated, and read as SPAM_SUBJECT, since v";
    // saslauthd's programs are named by it, and a service that does not start ends the container (daemons-stack.sh).
    if (row.name == "SASLAUTHD_MECHANISMS") return ": the container does not start with it since v";
    return " was removed in v";
}

// Up to v13 the word kept the subject as it was; from v14 on it is the prefix (CHANGELOG v14.0.0).
bool is_undef(const Evidence& evidence)
{
    return value_of(evidence, "SA_SPAM_SUBJECT") == "undef" && !is_set(evidence, "SPAM_SUBJECT");
}

Seen undef(const Evidence& evidence)
{
    return see(
        Severity::warning, where_of(evidence, "SA_SPAM_SUBJECT"),
        {"SA_SPAM_SUBJECT=undef: since v14 it is read as SPAM_SUBJECT, and the subject of spam begins with undef"},
        "Remove it: without SPAM_SUBJECT no prefix is added.");
}

}  // namespace

Sightings env_removed(const Evidence& evidence)
{
    Sightings seen;
    for (const Removed& row : removed) {
        const Setting* const setting = find_setting(evidence, row.name);
        if (!is_set(evidence, row.name) || setting->value == "0") continue;
        if (!setting->unseen && trim(setting->value).empty()) continue;
        const bool named = row.values.empty() || row.values.find(" " + setting->value + " ") != std::string_view::npos;
        const Certainty gone = at_least(evidence.to, row.since);
        if (!named || gone == Certainty::no || !is_in_use(evidence, row)) continue;
        Seen one = see(row.severity, where_of(evidence, row.name),
                       {datum("name", row.name),
                        datum("value", row.values.empty() ? "" : setting->value,
                              row.values.empty() ? "" : "=" + printable(setting->value)),
                        what_became_of(row), datum("since", row.since)},
                       remedy(evidence, row));
        if (row.name == "SA_SPAM_SUBJECT" && is_undef(evidence)) one = undef(evidence);
        if (gone == Certainty::unknown) one.unknown = "the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

// target/scripts/startup/variables-stack.sh: ${SASLAUTHD_MECHANISMS:=pam} up to v14, :=ldap from v15 on.
Sightings saslauthd_default(const Evidence& evidence)
{
    if (!gate(evidence, "ENABLE_SASLAUTHD") || is_set(evidence, "SASLAUTHD_MECHANISMS")) return {};
    if (at_least(evidence.from, "15.0.0") == Certainty::yes) return {};
    Seen seen =
        see(where_of(evidence, "ENABLE_SASLAUTHD"),
            "SASLAUTHD_MECHANISMS is not set: its default was pam, and is ldap from v15 on",
            value_of(evidence, "ACCOUNT_PROVISIONER") == "LDAP" ? "Write SASLAUTHD_MECHANISMS=ldap, and test a login."
                                                                : without_saslauthd);
    return {unless_settings_are_seen(evidence, unless_from_is_known(evidence, std::move(seen)))};
}

}  // namespace mailstate::dms
