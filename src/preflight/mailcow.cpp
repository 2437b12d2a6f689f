// SPDX-License-Identifier: MIT
// The rule book of mailcow-dockerized. Threads: github.com/mailcow/mailcow-dockerized.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

#include "mailstate/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

using enum Severity;

const char* const extra_cf = "postfix/extra.cf";

std::optional<FileFacts> home_facts(const Evidence& evidence, const std::string& name)
{
    if (!evidence.files || evidence.home_dir.empty()) return std::nullopt;
    return evidence.files->facts(evidence.home_dir + "/" + name);
}

bool names_host(const CertificateFolder& folder, const std::string& host)
{
    return std::ranges::find(folder.domains, host) != folder.domains.end();
}

// The map that mailstate sni wrote is in use, and has a line for the name.
bool map_has(const Evidence& evidence, const std::string& host)
{
    const auto extra = config_text(evidence, extra_cf), map = config_text(evidence, "postfix/mailstate-sni.map");
    if (!extra || !map || line_with(*extra, "mailstate-sni.map") == 0) return false;
    const TextLines lines = split_lines(*map);
    return std::ranges::any_of(lines.lines, [&](const TextLine& line) { return first_word(line.text) == host; });
}

Sightings sni_default(const Evidence& evidence)
{
    const std::string host = lower_case(value_of(evidence, "MAILCOW_HOSTNAME"));
    const bool has_default = std::ranges::any_of(evidence.certificates, &CertificateFolder::is_default);
    if (host.empty() || !has_default || map_has(evidence, host)) return {};
    for (const CertificateFolder& folder : evidence.certificates)
        if (names_host(folder, host) && folder.facts.problem.empty()) return {};
    return {see(where_of(evidence, "MAILCOW_HOSTNAME"), "no certificate folder names " + printable(host) +
                                                            ": TLS SNI " + printable(host) +
                                                            " from … not matched, using default chain")};
}

Sightings sni_skip(const Evidence& evidence)
{
    const Setting* setting = nullptr;
    if (evidence.compose) {
        const ComposeService* const postfix = find_service(*evidence.compose, "postfix-mailcow");
        if (postfix == nullptr) return {};
        const auto found = postfix->environment.find("SKIP_LETS_ENCRYPT");
        if (found != postfix->environment.end()) setting = &found->second;
    } else if (evidence.live) {
        setting = find_setting(evidence, "SKIP_LETS_ENCRYPT");
    }
    if (setting == nullptr) return {};
    const std::string value = lower_case(setting->value);
    if (value != "y" && value != "yes") return {};
    return {see(setting->where.empty() ? "SKIP_LETS_ENCRYPT" : setting->where,
                "SKIP_LETS_ENCRYPT=" + printable(setting->value) +
                    " is in the environment of Postfix: it gets an empty "
                    "SNI map")};
}

Sightings sni_stale(const Evidence& evidence)
{
    Few few;
    const auto fallback = std::ranges::find_if(evidence.certificates, &CertificateFolder::is_default);
    for (const CertificateFolder& folder : evidence.certificates) {
        if (folder.domains.empty()) continue;
        const std::string names = printable(join(folder.domains));
        if (!folder.facts.problem.empty())
            few.add(folder.path, "the folder of " + names + ": " + folder.facts.problem);
        else if (folder.facts.not_after < evidence.now)
            few.add(folder.path, "the certificate of " + names + " expired on " + utc_text(folder.facts.not_after));
        else if (fallback != evidence.certificates.end() && fallback->facts.problem.empty() &&
                 folder.facts.not_before < fallback->facts.not_before)
            for (const std::string& name : folder.domains)
                if (covers(fallback->facts, name))
                    few.add(folder.path, "the certificate of " + printable(name) +
                                             " is older than the default one, "
                                             "which has the same name");
    }
    return few.take();
}

struct GoneService {
    std::string_view name, since;
};
constexpr std::array<GoneService, 2> gone_services{{{"solr-mailcow", "2025-01"}, {"ipv6nat-mailcow", "2025-09"}}};

Sightings override_service(const Evidence& evidence)
{
    Sightings seen;
    if (!evidence.override_file) return seen;
    if (evidence.override_file->empty_services)
        seen.push_back(see(evidence.override_file->file, "services: has nothing under it, which compose refuses",
                           "Remove the line or the file."));
    for (const ComposeService& service : evidence.override_file->services)
        for (const GoneService& gone : gone_services) {
            const Certainty is_gone = at_least(evidence.to, gone.since);
            if (service.name != gone.name || is_gone == Certainty::no) continue;
            Seen one =
                see(service.where, service.name + " is not part of mailcow from " + std::string(gone.since) + " on");
            if (is_gone == Certainty::unknown) one.unknown = "the version is not known";
            seen.push_back(std::move(one));
        }
    return seen;
}

Sightings dnsbl_autogenerated(const Evidence& evidence)
{
    const auto text = config_text(evidence, "postfix/dns_blocklists.cf");
    if (!text || text->find("# Autogenerated by mailcow") == std::string::npos) return {};
    return {
        see("postfix/dns_blocklists.cf", "it was made by an older version, and is not made anew while it is there")};
}

Sightings redis_password(const Evidence& evidence)
{
    Sightings seen;
    if (evidence.settings_known && value_of(evidence, "REDISPASS").empty())
        seen.push_back(see(where_of(evidence, "REDISPASS"), "REDISPASS is empty: the services cannot log in to Redis",
                           "Run update.sh, which makes one, or set a long random one in mailcow.conf."));
    if (!home_facts(evidence, "mailcow.conf")) return seen;
    const auto link = home_facts(evidence, ".env");
    if (!link || link->kind != Kind::symlink || base_name(link->link_text) != "mailcow.conf")
        seen.push_back(see(".env",
                           std::string(link ? "it is no link to mailcow.conf" : "it is not there") +
                               ": compose does not see the variables of mailcow.conf",
                           "Run ln -sf mailcow.conf .env."));
    return seen;
}

constexpr std::array<std::string_view, 7> shipped_nginx_files{
    "nginx/site.conf",
    "nginx/dynmaps.conf",
    "nginx/templates/listen_plain.template",
    "nginx/templates/listen_ssl.template",
    "nginx/templates/server_name.template",
    "nginx/templates/sogo.template",
    "nginx/templates/sogo_eas.template",
};

// What a release before 2025-01 ships is not worth a word by being there; whether it was edited only git knows. After
// 2025-01, and by another name, it is the operator's own.
Sightings nginx_edits(const Evidence& evidence)
{
    if (!evidence.files || !evidence.config_known) return {};
    const bool is_shipped = at_least(evidence.from, "2025-01") != Certainty::yes;
    Sightings unsure;
    Few few;
    for (const std::string_view name : shipped_nginx_files) {
        if (!config_text(evidence, name)) continue;
        if (is_shipped)
            unsure.push_back(unless_known(see(std::string(name), "it is not read any more: edits of it would be lost"),
                                          "whether it was edited is not known",
                                          "See git diff HEAD -- data/conf/nginx, and what update.sh committed: git log "
                                          "-p --grep='Before update' -- data/conf/nginx."));
        else
            few.add(std::string(name), "it is not read any more, and no release since 2025-01 has it");
    }
    for (const std::string& name : evidence.files->names(evidence.config_dir + "/nginx/templates"))
        if (name.ends_with(".template") &&
            std::ranges::find(shipped_nginx_files, "nginx/templates/" + name) == shipped_nginx_files.end())
            few.add("nginx/templates/" + printable(name), "it is not read any more, and is of your own making");
    Sightings seen = few.take();
    seen.insert(seen.end(), unsure.begin(), unsure.end());
    return seen;
}

Sightings daemon_json(const Evidence& evidence)
{
    const std::string path = "/etc/docker/daemon.json";
    const auto text = evidence.files ? evidence.files->text(path) : std::nullopt;
    if (!text) return {};
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) return {see(path, "it is no valid JSON")};
    if (!evidence.host_has_ipv6 || json.contains("ipv6")) return {};
    return {see(path, "it does not say ipv6, and this host has IPv6")};
}

Sightings sogo_paths(const Evidence& evidence)
{
    Sightings seen;
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below("/usr/lib/GNUstep/SOGo", mount.target))
            seen.push_back(
                see(mount.where, said(mount) + " is where SOGo was",
                    "Mount it at /usr/local/lib" + mount.target.substr(std::string("/usr/lib").size()) + "."));
    return seen;
}

Sightings postfix_310(const Evidence& evidence)
{
    Sightings seen;
    const auto text = config_text(evidence, extra_cf);
    if (!text) return seen;
    for (const char* word : {"smtpd_enforce_tls", "smtpd_use_tls", "smtpd_tls_dh1024_param_file",
                             "smtpd_tls_eecdh_grade", "postscreen_blacklist_action"})
        if (const int line = line_with(*text, word); line > 0)
            seen.push_back(see(place_of(extra_cf, line), std::string(word) + " is not known to Postfix 3.10 any more"));
    if (const int line = line_with(*text, "\\"); line > 0)
        seen.push_back(see(place_of(extra_cf, line), "a backslash: the generator reads it as an escape now"));
    return seen;
}

Sightings ssl_files(const Evidence& evidence)
{
    Sightings seen;
    const std::string folder = "data/assets/ssl";
    if (const auto facts = home_facts(evidence, folder); facts && facts->kind == Kind::directory)
        for (const char* name : {"cert.pem", "key.pem", "dhparams.pem"}) {
            const std::string path = folder + "/" + name;
            const auto found = home_facts(evidence, path);
            if (!found)
                seen.push_back(see(path, "it is not there", "Copy it there, or let acme-mailcow make it."));
            else if (found->kind == Kind::symlink)
                seen.push_back(see(path,
                                   "a link to " + printable(found->link_text) + ", which the containers do not see",
                                   "Copy the file instead of linking it."));
        }
    for (const MountFact& mount : evidence.mounts) {
        if (!mount.bind || mount.host_path.empty() || !evidence.files) continue;
        const std::string name = base_name(mount.target);
        const bool is_file = name.ends_with(".pem") || name.ends_with(".conf") || name.ends_with(".cf") ||
                             name.ends_with(".sh") || name.ends_with(".php") || name.ends_with(".json");
        const auto facts = evidence.files->facts(mount.host_path);
        if (is_file && facts && facts->kind == Kind::directory)
            seen.push_back(see(mount.where,
                               said(mount) + " mounts a folder where a file belongs: compose made it, since the "
                                             "file was missing",
                               "Remove the folder, and put the file there."));
    }
    return seen;
}

Version mariadb_version(const Evidence& evidence)
{
    for (const MountFact& mount : evidence.mounts) {
        if (mount.target != "/var/lib/mysql" || mount.host_path.empty() || !evidence.files) continue;
        for (const char* name : {"/mariadb_upgrade_info", "/mysql_upgrade_info"})
            if (const auto text = evidence.files->text(mount.host_path + name))
                return parse_dotted_version(
                    first_word(*text).substr(0, first_word(*text).find_first_not_of("0123456789.")));
    }
    return {};
}

Sightings mysql_downgrade(const Evidence& evidence)
{
    const Version data = mariadb_version(evidence);
    const ComposeService* const service = evidence.compose ? find_service(*evidence.compose, "mysql-mailcow") : nullptr;
    if (!is_known(data) || service == nullptr) return {};
    const Version image = parse_dotted_version(image_tag(service->image));
    if (at_least(data, "10.11") != Certainty::yes || at_least(image, "10.11") != Certainty::no) return {};
    return {see(service->where, "the data was written by MariaDB " + data.text + ", and " + printable(service->image) +
                                    " cannot read it")};
}

Sightings env_removed(const Evidence& evidence)
{
    Sightings seen;
    for (const auto& [name, setting] : evidence.settings)
        if (name.starts_with("SOLR_") || name == "SKIP_SOLR" || name == "ACME_CONTACT" || name == "DISABLE_IPv6" ||
            name == "SYSCTL_IPV6_DISABLED")
            seen.push_back(see(where_of(evidence, name), name + " is not read any more"));
    return seen;
}

Sightings hostname(const Evidence& evidence)
{
    const std::string host = value_of(evidence, "MAILCOW_HOSTNAME");
    if (host.empty() || (host.find('.') != std::string::npos && !host.ends_with('.'))) return {};
    return {see(where_of(evidence, "MAILCOW_HOSTNAME"),
                "MAILCOW_HOSTNAME=" + printable(host) + (host.ends_with('.') ? " ends in a dot" : " has no dot"))};
}

constexpr std::array rules{
    Rule{"mailcow.sni-default",
         warning,
         {},
         sni_default,
         "Postfix logs that the name is not matched, and serves its default certificate.",
         "Run mailstate sni --out data/conf/postfix/mailstate-sni.map --postmap in the Postfix container, and set "
         "tls_server_sni_maps = hash:/opt/postfix/conf/mailstate-sni.map in extra.cf.",
         "#5816"},
    Rule{"mailcow.sni-skip",
         warning,
         {},
         sni_skip,
         "The generator writes an empty map then.",
         "Do not pass SKIP_LETS_ENCRYPT to postfix-mailcow; mailstate sni does not ask for it.",
         "data/Dockerfiles/postfix/postfix.sh"},
    Rule{"mailcow.sni-stale",
         error,
         {},
         sni_stale,
         "An old certificate keeps being served to clients that name the host.",
         "Remove the folder, or renew its certificate.",
         "data/Dockerfiles/acme/acme.sh"},
    Rule{"mailcow.override-service",
         error,
         {},
         override_service,
         "Compose refuses the whole file.",
         "Remove the service from docker-compose.override.yml.",
         "update.sh"},
    Rule{"mailcow.dnsbl-autogenerated",
         warning,
         {"2024-11", ""},
         dnsbl_autogenerated,
         "The old list stays in use, with blocklists that answer no more.",
         "Delete the file; it is made anew.",
         "update.sh"},
    Rule{"mailcow.redis-password",
         error,
         {"2025-01", ""},
         redis_password,
         "From 2025-01 on Redis asks for a password.",
         "Set REDISPASS in mailcow.conf, and let .env be a link to it.",
         "update.sh"},
    Rule{"mailcow.nginx-edits",
         warning,
         {"2025-01", ""},
         nginx_edits,
         "From 2025-01 on nginx is configured by other files.",
         "Move edits to data/conf/nginx/*.custom files, then remove these.",
         "data/conf/nginx"},
    Rule{"mailcow.daemon-json",
         error,
         {"2025-09", ""},
         daemon_json,
         "From 2025-09 on Docker itself gives the containers IPv6.",
         "Correct /etc/docker/daemon.json; it needs \"ipv6\": true and \"fixed-cidr-v6\".",
         "update.sh"},
    Rule{"mailcow.sogo-paths",
         error,
         {"2026-03", ""},
         sogo_paths,
         "SOGo is installed in /usr/local/lib now.",
         "Mount at /usr/local/lib/GNUstep/SOGo.",
         "data/Dockerfiles/sogo"},
    Rule{"mailcow.postfix-310",
         warning,
         {"2026-07", ""},
         postfix_310,
         "Postfix 3.10 dropped these parameters.",
         "Remove the line, or use smtpd_tls_security_level.",
         "postfix.org, RELEASE_NOTES 3.10"},
    Rule{"mailcow.ssl-files",
         error,
         {},
         ssl_files,
         "The services do not start TLS without their files.",
         "Put regular files into data/assets/ssl.",
         "docs: SSL"},
    Rule{"mailcow.mysql-downgrade",
         error,
         {},
         mysql_downgrade,
         "MariaDB does not read what a later release wrote.",
         "Use the image of that release or a later one.",
         "docker-compose.yml"},
    Rule{"mailcow.env-removed",
         note,
         {},
         env_removed,
         "A variable that is not read any more.",
         "Remove it from mailcow.conf.",
         "update.sh"},
    Rule{"mailcow.hostname",
         error,
         {},
         hostname,
         "The name must be a fully qualified one.",
         "Set MAILCOW_HOSTNAME to a name like mail.example.org.",
         "generate_config.sh"},
};

}  // namespace

std::span<const Rule> mailcow_rules()
{
    return rules;
}

}  // namespace mailstate
