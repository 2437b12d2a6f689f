// SPDX-License-Identifier: MIT
#include <algorithm>
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
};

constexpr std::array<Removed, 8> removed{{
    {"ENABLE_LDAP", "13.0.0", "Write ACCOUNT_PROVISIONER=LDAP instead of ENABLE_LDAP=1.", Severity::error},
    {"SASL_PASSWD", "12.0.0", "Use RELAY_USER and RELAY_PASSWORD, or postfix-sasl-password.cf."},
    {"ENABLE_POSTFIX_VIRTUAL_TRANSPORT", "12.0.0", "Remove it; POSTFIX_DAGENT sets the delivery agent."},
    {"SASLAUTHD_LDAP_SSL", "10.0.0", "Write the scheme into SASLAUTHD_LDAP_SERVER: ldaps://host."},
    {"DMS_DEBUG", "11.0.0", "Write LOG_LEVEL=debug."},
    {"SA_SPAM_SUBJECT", "14.0.0", "Write SPAM_SUBJECT.", Severity::note},
    {"ONE_DIR", "14.0.0", "Remove it: state is always consolidated where the volume is mounted.", Severity::note},
    {"SASLAUTHD_MECHANISMS", "15.0.0", "Use ldap or rimap.", Severity::warning, " pam shadow mysql "},
}};

void look_at_spelling(const std::string& name, const Setting& setting, Sightings& seen)
{
    const bool literal = !setting.from_file && setting.value.size() > 1 &&
                         (setting.value.front() == '"' || setting.value.front() == '\'') &&
                         setting.value.front() == setting.value.back();
    const std::string subject = setting.where.empty() ? name : setting.where;
    if (setting.quoted || literal)
        seen.push_back(
            see(subject,
                {datum("name", name), ": ",
                 literal ? "quotes are part of its value" : "docker run --env-file makes the quotes part of its value"},
                "Write the value without quotes."));
    if (setting.commented)
        seen.push_back(see(subject, {datum("name", name), ": a comment follows its value, and may become part of it"},
                           "Put the comment on a line of its own."));
}

// What an option of a service says counts only while the service is on.
bool is_in_use(const Evidence& evidence, const Removed& row)
{
    return row.name != "SASLAUTHD_MECHANISMS" || gate(evidence, "ENABLE_SASLAUTHD");
}

bool is_on_or_off(const std::string& value)
{
    const Result<std::int64_t> number = bash_integer(value, {});
    return number && (*number == 0 || *number == 1) && !value.empty() &&
           value.find_first_of("0123456789") != std::string::npos;
}

}  // namespace

Sightings env_removed(const Evidence& evidence)
{
    Sightings seen;
    for (const Removed& row : removed) {
        const Setting* const setting = find_setting(evidence, row.name);
        if (setting == nullptr || trim(setting->value).empty() || setting->value == "0") continue;
        const bool named = row.values.empty() || row.values.find(" " + setting->value + " ") != std::string_view::npos;
        const Certainty gone = at_least(evidence.to, row.since);
        if (!named || gone == Certainty::no || !is_in_use(evidence, row)) continue;
        Seen one = see(row.severity, where_of(evidence, row.name),
                       {datum("name", row.name),
                        datum("value", row.values.empty() ? "" : setting->value,
                              row.values.empty() ? "" : "=" + printable(setting->value)),
                        row.name == "SA_SPAM_SUBJECT" ? " is deprecated, and taken for SPAM_SUBJECT, since v"
                                                      : " was removed in v",
                        datum("since", row.since)},
                       std::string(row.successor));
        if (gone == Certainty::unknown) one.unknown = "the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

Sightings env_syntax(const Evidence& evidence)
{
    Sightings seen;
    for (const auto& [name, setting] : evidence.settings) {
        const bool is_gate = is_switch(evidence, name);
        // A process has variables of everybody's; of those only the system's own switches are looked at.
        if (setting.from_file || !setting.where.empty() || is_gate) look_at_spelling(name, setting, seen);
        const bool quoted = setting.value.find_first_of("'\"#") != std::string::npos;
        if (is_gate && !trim(setting.value).empty() && !quoted && !is_on_or_off(setting.value))
            seen.push_back(
                see(where_of(evidence, name),
                    {datum("name", name), "=", datum("value", setting.value), " is neither 0 nor 1, and counts as off"},
                    "Write " + name + "=1 or " + name + "=0."));
    }
    return seen;
}

Sightings ldap_scheme(const Evidence& evidence)
{
    Sightings seen;
    for (const char* name : {"LDAP_SERVER_HOST", "DOVECOT_URIS", "SASLAUTHD_LDAP_SERVER"}) {
        const std::string value = value_of(evidence, name);
        if (value.empty() || value.starts_with("ldap://") || value.starts_with("ldaps://") ||
            value.starts_with("ldapi://"))
            continue;
        seen.push_back(see(where_of(evidence, name),
                           {datum("name", name), "=", datum("value", value), " has no scheme"},
                           "Write " + std::string(name) + "=ldap://" + printable(value) + " (or ldaps://)."));
    }
    return seen;
}

}  // namespace mailstate::dms
