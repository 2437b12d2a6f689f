// SPDX-License-Identifier: MIT
// Overrides of Postfix whose surroundings changed, and variables whose default or reader changed.
#include <algorithm>
#include <array>
#include <map>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr const char* main_cf = "postfix-main.cf";

struct Override {
    std::string name, value, where;
};

// "name = value" lines of postfix-main.cf; what a line continues is left out.
std::vector<Override> overrides(const Evidence& evidence)
{
    std::vector<Override> found;
    const auto text = config_text(evidence, main_cf);
    if (!text) return found;
    const TextLines lines = split_lines(*text);
    for (const TextLine& line : lines.lines) {
        const std::size_t equals = line.text.find('=');
        if (is_comment(line.text) || equals == std::string_view::npos || line.text.starts_with(' ')) continue;
        found.push_back({std::string(trim(line.text.substr(0, equals))),
                         std::string(trim(line.text.substr(equals + 1))), place_of(main_cf, line.number)});
    }
    return found;
}

bool came_from_before(const Evidence& evidence, std::string_view release)
{
    return at_least(evidence.from, release) != Certainty::yes;
}

struct Renamed {
    std::string_view old, now;
};
constexpr std::array<Renamed, 6> renamed{{
    {"postscreen_dnsbl_whitelist_threshold", "postscreen_dnsbl_allowlist_threshold"},
    {"postscreen_blacklist_action", "postscreen_denylist_action"},
    {"postscreen_whitelist_interfaces", "postscreen_allowlist_interfaces"},
    {"postscreen_dnsbl_whitelist_status", "postscreen_dnsbl_allowlist_status"},
    {"smtpd_use_tls", "smtpd_tls_security_level"},
    {"smtp_use_tls", "smtp_tls_security_level"},
}};

}  // namespace

Sightings relay_restrictions(const Evidence& evidence)
{
    if (!came_from_before(evidence, "14.0.0")) return {};
    Sightings seen;
    for (const Override& each : overrides(evidence))
        if (each.name == "smtpd_relay_restrictions" || each.name == "smtpd_recipient_restrictions")
            seen.push_back(see(
                each.where,
                {datum("name", each.name),
                 " is set: from v14 on the relay policy applies after the recipient (spam) policy, not before it"}));
    return unless_from_is_known(evidence, std::move(seen));
}

Sightings opendmarc_hold(const Evidence& evidence)
{
    if (!came_from_before(evidence, "14.0.0")) return {};
    Sightings seen;
    const auto text = evidence.files ? evidence.files->text("/etc/opendmarc.conf") : std::nullopt;
    const MountFact* const mount = mount_at(evidence, "/etc/opendmarc.conf");
    if (mount != nullptr && !text)
        return {unless_known(see(mount->where, {datum("mount", said(*mount)), " may not set HoldQuarantinedMessages"}),
                             "its content was not seen", "Check its content.")};
    if (mount != nullptr && text && line_with(*text, "HoldQuarantinedMessages") == 0)
        seen.push_back(see(mount->where, {datum("mount", said(*mount)),
                                          " does not set HoldQuarantinedMessages, whose default changed: mail from "
                                          "domains with p=quarantine is no longer held"}));
    return unless_from_is_known(evidence, std::move(seen));
}

Sightings sender_restrictions(const Evidence& evidence)
{
    Sightings seen;
    for (const Override& each : overrides(evidence))
        if (each.name == "smtpd_sender_restrictions" &&
            each.value.find("$dms_smtpd_sender_restrictions") == std::string::npos)
            seen.push_back(see(each.where,
                               "smtpd_sender_restrictions replaces $dms_smtpd_sender_restrictions, and with it the "
                               "settings of SPOOF_PROTECTION and setup email restrict"));
    return seen;
}

Sightings postfix_renamed(const Evidence& evidence)
{
    Sightings seen;
    for (const Override& each : overrides(evidence)) {
        const auto* const row = std::ranges::find(renamed, each.name, &Renamed::old);
        if (row != renamed.end())
            seen.push_back(see(each.where,
                               {datum("name", each.name), " is ", datum("new_name", std::string(row->now)), " now"},
                               "Write " + std::string(row->now) + "."));
        if (each.name.ends_with("_tls_fingerprint_digest") && each.value == "md5")
            seen.push_back(see(each.where, {datum("name", each.name), " = md5: the default is now sha256"},
                               "Use sha256, and fingerprints made with it."));
    }
    return seen;
}

namespace {

// The prefix ends with a blank, and each form has its own quotes for that.
std::string how_to_set_subject(const Evidence& evidence)
{
    const ComposeService* const service = judged_service(evidence);
    const bool has_file = service == nullptr || !service->env_files.empty();
    if (evidence.compose && evidence.compose->is_manifest)
        return "Set it to keep the prefix: - {name: SPAM_SUBJECT, value: '***SPAM*** '}.";
    if (has_file) return "Set SPAM_SUBJECT='***SPAM*** ' in the env file to keep the prefix.";
    return "Set it below environment: to keep the prefix, in a list as - \"SPAM_SUBJECT=***SPAM*** \", in a map as "
           "SPAM_SUBJECT: \"***SPAM*** \".";
}

}  // namespace

Sightings spam_subject_default(const Evidence& evidence)
{
    const bool marks =
        gate(evidence, "ENABLE_RSPAMD") || (gate(evidence, "ENABLE_AMAVIS") && gate(evidence, "ENABLE_SPAMASSASSIN"));
    const bool is_set =
        find_setting(evidence, "SPAM_SUBJECT") != nullptr || find_setting(evidence, "SA_SPAM_SUBJECT") != nullptr;
    if (!evidence.settings_known || !marks || is_set || !came_from_before(evidence, "14.0.0")) return {};
    Seen seen = see("SPAM_SUBJECT",
                    "it is not set, and its default is empty from v14 on: the subject of spam is no longer marked",
                    how_to_set_subject(evidence));
    return unless_from_is_known(evidence, Sightings{unless_settings_are_seen(evidence, std::move(seen))});
}

Sightings supervisor_mount(const Evidence& evidence)
{
    const MountFact* const mount = mount_at(evidence, "/etc/supervisor/conf.d/supervisor-app.conf");
    if (mount == nullptr) return {};
    return {see(mount->where, {datum("mount", said(*mount)),
                               " is no longer read; the file is now /etc/supervisor/conf.d/dms-services.conf"})};
}

namespace {

constexpr const char* no_prefix =
    "Write the fields to dovecot.cf under their names in Dovecot 2.4 (mail_path, whose value has no maildir: in "
    "front), and test a login.";

}  // namespace

// The variables that v16 does not read, and what of the others it does not understand.
Sightings ldap_16(const Evidence& evidence)
{
    if (value_of(evidence, "ACCOUNT_PROVISIONER") != "LDAP" && !gate(evidence, "ENABLE_LDAP")) return {};
    Sightings seen;
    for (const char* name :
         {"DOVECOT_USER_ATTRS", "DOVECOT_PASS_ATTRS", "DOVECOT_AUTH_BIND", "DOVECOT_DEFAULT_PASS_SCHEME"})
        if (const std::string value = value_of(evidence, name); !value.empty())
            seen.push_back(see(where_of(evidence, name), {datum("name", name), " is not read from v16 on"},
                               value.find("maildir:") == std::string::npos ? "" : no_prefix));
    for (const char* name : {"DOVECOT_USER_FILTER", "DOVECOT_PASS_FILTER"}) {
        const std::string value = value_of(evidence, name);
        if (value.empty()) continue;
        if (at_least(evidence.to, "16.0.1") == Certainty::no)
            seen.push_back(
                see(where_of(evidence, name), {datum("name", name), " is not read by v16.0.0"},
                    "Use v16.0.1, or name it " +
                        std::string(name[8] == 'U' ? "DOVECOT_USERDB_LDAP_FILTER." : "DOVECOT_PASSDB_LDAP_FILTER.")));
        else if (const std::size_t at = value.find('%'); at != std::string::npos && value[at + 1] != '{')
            seen.push_back(see(where_of(evidence, name),
                               {datum("name", name), " has a variable of Dovecot 2.3 (such as %u)"},
                               "Write %{user}, %{user | username} or %{user | domain}."));
    }
    return seen;
}

// The volume's secret stays in use, as upstream has it; the values are not repeated.
Sightings srs_secret(const Evidence& evidence)
{
    std::string wanted = value_of(evidence, "SRS_SECRET");
    if (wanted.empty() || !gate(evidence, "ENABLE_SRS") || !evidence.files) return {};
    std::ranges::replace(wanted, ',', '\n');
    const std::string path = state_dir(evidence) + "/etc/postsrsd.secret";
    const auto text = evidence.files->text(path);
    if (!text || trim(*text) == trim(wanted)) return {};
    return {see(where_of(evidence, "SRS_SECRET"),
                {"SRS_SECRET differs from the secret in ", datum("path", path), ", which stays in use"})};
}

}  // namespace mailstate::dms
