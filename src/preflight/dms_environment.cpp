// SPDX-License-Identifier: MIT

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

// Quotes that no reader took off.
bool has_literal_quotes(const Setting& setting)
{
    return !setting.from_file && setting.value.size() > 1 &&
           (setting.value.front() == '"' || setting.value.front() == '\'') &&
           setting.value.front() == setting.value.back();
}

void look_at_spelling(const std::string& name, const Setting& setting, Sightings& seen)
{
    const bool literal = has_literal_quotes(setting);
    const std::string subject = setting.where.empty() ? name : setting.where;
    if (setting.quoted || literal)
        seen.push_back(
            see(subject,
                {datum("name", name), ": ",
                 literal ? "quotes are part of its value" : "docker run --env-file makes the quotes part of its value"},
                literal && !setting.where.empty()
                    ? "Write the value without quotes. If blanks at its ends matter, quote the whole list item: - \"" +
                          printable(name) + "=…\"."
                    : "Write the value without quotes."));
    if (setting.commented)
        seen.push_back(see(subject, {datum("name", name), ": a comment follows its value, and may become part of it"},
                           "Put the comment on a separate line."));
}

bool is_on_or_off(const std::string& value)
{
    const Result<std::int64_t> number = bash_integer(value, {});
    return number && (*number == 0 || *number == 1) && !value.empty() &&
           value.find_first_of("0123456789") != std::string::npos;
}

// [[ $NAME -eq 1 ]] has a syntax error where quotes or a comment are part of the value, and is false then.
void look_at_gate(const Evidence& evidence, const std::string& name, const Setting& setting, Sightings& seen)
{
    if (trim(setting.value).empty() || is_on_or_off(setting.value)) return;
    const bool more = setting.value.find_first_of("'\"#") != std::string::npos;
    if (more)
        seen.push_back(see(where_of(evidence, name),
                           {datum("name", name), ": quotes or a comment are part of its value, so it counts as off"},
                           "Write " + name + "=1 or " + name + "=0, and nothing else."));
    else
        seen.push_back(
            see(where_of(evidence, name),
                {datum("name", name), "=", datum("value", setting.value), " is neither 0 nor 1, so it counts as off"},
                "Write " + name + "=1 or " + name + "=0."));
}

}  // namespace

Sightings env_syntax(const Evidence& evidence)
{
    Sightings seen;
    for (const auto& [name, setting] : evidence.settings) {
        const bool is_gate = is_switch(evidence, name);
        const std::size_t before = seen.size();
        // A process has variables of everybody's; of those only the system's own switches are looked at.
        if (setting.from_file || !setting.where.empty() || is_gate)
            if (!is_gate || !has_literal_quotes(setting)) look_at_spelling(name, setting, seen);
        if (is_gate && seen.size() == before) look_at_gate(evidence, name, setting, seen);
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
