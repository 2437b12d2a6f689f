// SPDX-License-Identifier: MIT
#include "preflight/recognise.hpp"

#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::array<std::string_view, 3> dms_images{"mailserver/docker-mailserver",
                                                     "docker-mailserver/docker-mailserver", "tvial/docker-mailserver"};
constexpr std::array<std::string_view, 9> moving_tags{"latest", "edge",    "master", "main",   "stable",
                                                      "next",   "nightly", "dev",    "staging"};

// "ghcr.io/mailu/admin" has the organisation mailu.
bool has_organisation(const std::string& name, const std::string& organisation)
{
    const std::string parent = parent_of(name);
    return parent == organisation || parent.ends_with("/" + organisation);
}

bool mounts_mail_state(const ComposeService& service)
{
    return std::ranges::any_of(service.mounts, [](const ComposeMount& mount) {
        return is_at_or_below("/tmp/docker-mailserver", mount.target) ||
               is_at_or_below("/var/mail-state", mount.target);
    });
}

bool is_named_of(System system, const ComposeService& service)
{
    if (is_image_of(system, service.image)) return true;
    if (system == System::mailcow) return service.name.ends_with("-mailcow");
    if (system == System::mailu) return follows_mailu_version(service);
    return false;
}

std::optional<System> system_of(const ComposeService& service)
{
    for (const System system : {System::docker_mailserver, System::mailcow, System::mailu})
        if (is_named_of(system, service)) return system;
    return std::nullopt;
}

// By what it mounts, where no service has docker-mailserver's image: a fork, or a build of one's own.
bool is_dms_by_mounts(const Compose& compose, const ComposeService& service)
{
    const auto is_dms = [](const ComposeService& each) { return system_of(each) == System::docker_mailserver; };
    return !system_of(service) && mounts_mail_state(service) && std::ranges::none_of(compose.services, is_dms);
}

std::optional<System> system_in(const Compose& compose, const ComposeService& service)
{
    if (is_dms_by_mounts(compose, service)) return System::docker_mailserver;
    return system_of(service);
}

// Something of a mail server, by an image that nobody here knows.
bool is_doubtful(const ComposeService& service)
{
    const std::string name = image_name(service.image);
    return std::ranges::any_of(std::array{"mailserver", "mailu", "mailcow"},
                               [&](const char* word) { return name.find(word) != std::string::npos; });
}

void add(RecognisedSystems& recognised, const Compose& compose, const ComposeService& service)
{
    const std::optional<System> system = system_in(compose, service);
    if (!system) {
        if (is_doubtful(service)) recognised.doubtful.push_back(unknown_image(service));
        return;
    }
    if (!service.enabled) {
        if (service.image.empty() && !service.has_build) return;  // there is nothing of it
        std::string profiles;
        for (const std::string& profile : service.profiles) profiles += (profiles.empty() ? "" : ", ") + profile;
        recognised.disabled.push_back("the service " + printable(service.name) +
                                      " is in a profile that is not active (" + printable(profiles) + ")");
        return;
    }
    const std::string name = system == System::docker_mailserver ? service.name : "";
    const auto same = [&](const MailSystem& each) { return each.system == *system && each.service == name; };
    if (std::ranges::none_of(recognised.systems, same)) recognised.systems.push_back({*system, name});
}

// "mailcow/mailcow" and others by its name are not of mailcow-dockerized.
constexpr std::array<std::string_view, 16> mailcow_images{
    "acme",   "backup",  "clamd",          "dockerapi", "dovecot", "netfilter", "nginx",   "olefy",
    "phpfpm", "postfix", "postfix-tlspol", "rspamd",    "sogo",    "solr",      "unbound", "watchdog"};

}  // namespace

std::string unknown_image(const ComposeService& service)
{
    return "the service " + printable(service.name) + " has the image " + printable(service.image) +
           ", which is not known";
}

bool is_image_of(System system, std::string_view image)
{
    const std::string name = image_name(image);
    if (system == System::mailu) return has_organisation(name, "mailu");
    if (system == System::mailcow)
        return has_organisation(name, "mailcow") &&
               std::ranges::find(mailcow_images, base_name(name)) != mailcow_images.end();
    return std::ranges::any_of(
        dms_images, [&](std::string_view known) { return name == known || name.ends_with("/" + std::string(known)); });
}

bool follows_mailu_version(const ComposeService& service)
{
    return service.written_image.find("MAILU_VERSION") != std::string::npos;
}

bool is_service_of(const Compose& compose, System system, const ComposeService& service)
{
    return system_in(compose, service) == system;
}

RecognisedSystems recognise(const Compose& compose)
{
    RecognisedSystems recognised;
    for (const ComposeService& service : compose.services) add(recognised, compose, service);
    return recognised;
}

std::vector<const ComposeService*> services_of(const Compose& compose, System system)
{
    std::vector<const ComposeService*> own, others;
    for (const ComposeService& service : compose.services) {
        const std::optional<System> found = system_in(compose, service);
        if (found == system) own.push_back(&service);
        if (!found) others.push_back(&service);
    }
    // Redis, ClamAV or a database of Mailu and mailcow have images of their own; so has a mail server by another name.
    if (system != System::docker_mailserver || own.empty()) own.insert(own.end(), others.begin(), others.end());
    return own;
}

std::optional<System> recognise(const SettingMap& settings)
{
    for (const auto& [name, setting] : settings)
        if (name.starts_with("MAILCOW_")) return System::mailcow;
    for (const char* name : {"TLS_FLAVOR", "MAILU_VERSION", "INBOUND_TLS_ENFORCE", "INITIAL_ADMIN_DOMAIN",
                             "WEB_WEBMAIL", "AUTH_RATELIMIT", "AUTH_RATELIMIT_IP", "MESSAGE_RATELIMIT"})
        if (settings.contains(name)) return System::mailu;
    for (const char* name : {"OVERRIDE_HOSTNAME", "ONE_DIR", "DMS_DEBUG", "ENABLE_AMAVIS", "ENABLE_RSPAMD",
                             "ENABLE_FAIL2BAN", "ENABLE_SASLAUTHD", "POSTMASTER_ADDRESS", "SMTP_ONLY", "ENABLE_SRS",
                             "ENABLE_CLAMAV", "ENABLE_LDAP", "ACCOUNT_PROVISIONER"})
        if (settings.contains(name)) return System::docker_mailserver;
    return std::nullopt;
}

std::optional<System> recognise(const Files& files, const std::string& config_dir)
{
    const auto has = [&](const char* name) { return files.facts(config_dir + "/" + name).has_value(); };
    if (has("postfix-accounts.cf") || has("postfix-virtual.cf") || has("dovecot.cf")) return System::docker_mailserver;
    if (has("postfix/main.cf") || has("postfix/extra.cf") || has("dovecot/extra.conf")) return System::mailcow;
    if (has("mailu.env") || (has("certs") && has("overrides"))) return System::mailu;
    return std::nullopt;
}

Version parse_version(System system, std::string_view text)
{
    return system == System::mailcow ? parse_monthly_version(text) : parse_dotted_version(text);
}

bool is_version_of(System system, std::string_view text)
{
    if (std::ranges::find(moving_tags, trim(text)) != moving_tags.end()) return true;
    const Version version = parse_version(system, text);
    if (!is_known(version)) return false;
    constexpr int first_year = 2000;
    const bool is_year = version.parts.front() >= first_year;
    if (system == System::docker_mailserver) return !is_year;
    if (system == System::mailcow) return is_year && version.parts[1] >= 1 && version.parts[1] <= 12;
    return is_year || version.parts.front() <= 2;
}

std::string_view example_version(System system)
{
    if (system == System::mailcow) return "2025-03a";
    return system == System::mailu ? "2024.06.13" : "v15.1.0";
}

std::string_view last_known_release(System system)
{
    if (system == System::mailu) return "2024.06";
    return system == System::mailcow ? "2026-07" : "16.0.1";
}

// By as many parts as the last known one is given with: fixes of Mailu's 2024.06 are of that series. A month of mailcow
// is known with its fixes, which have letters.
bool is_after_the_rules(System system, const Version& version)
{
    const std::string last(last_known_release(system));
    Version known = parse_version(system, last);
    if (system == System::mailcow && known.parts.size() > 2) known.parts.resize(2);
    Version given = version;
    if (given.parts.size() > known.parts.size()) given.parts.resize(known.parts.size());
    return is_known(version) && is_older(known, given);
}

}  // namespace mailstate
