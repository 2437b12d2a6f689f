// SPDX-License-Identifier: MIT
#include "preflight/gather.hpp"

#include <algorithm>
#include <ctime>

#include "preflight/gathering.hpp"
#include "preflight/places.hpp"
#include "preflight/sni.hpp"
#include "preflight/sqlite.hpp"

namespace mailstate {

namespace {

void add_process(Evidence& evidence, const Variables& variables)
{
    evidence.settings_known = true;
    for (const auto& [name, value] : variables) {
        Setting setting;
        setting.value = value;
        setting.from_file = false;
        evidence.settings[name] = std::move(setting);
    }
}

Result<> add_named_env_file(Evidence& evidence, const Sources& sources)
{
    if (sources.env_file.empty()) return {};
    const std::string text = TRY(read_named(*sources.host, sources.env_file));
    const std::string& shown = sources.shown_env_file.empty() ? sources.env_file : sources.shown_env_file;
    evidence.files_read.push_back(shown);
    // Mailu's and mailcow's are only ever read by compose or by a shell; docker run may read docker-mailserver's.
    const bool by_compose = evidence.system != System::docker_mailserver;
    take_settings(evidence, by_compose ? parse_dotenv(shown, text, lookup_in(*sources.environment))
                                       : parse_env_file(shown, text));
    return {};
}

void add_live_mounts(Evidence& evidence, const Sources& sources)
{
    const auto table = sources.live ? sources.inside->mounts() : Result<MountTable>(MountTable());
    if (!table) return;
    evidence.mounts_known = sources.live;
    for (const Mount& mount : table->all())
        if (table->at(mount.mount_point) == &mount)
            evidence.mounts.push_back({mount.mount_point, mount.source, mount.fs_type, mount.options, "",
                                       mount.mount_point, mount.subtree != "/", ""});
}

// --- files

void add_places(Evidence& evidence, const Sources& sources, std::vector<MappedDirectory> places,
                std::map<std::string, std::string> contents)
{
    if (evidence.system == System::docker_mailserver) {
        if (sources.live) places.insert(places.begin(), {"/", sources.inside, "/"});
        evidence.config_dir = dms_config;
        if (!sources.config_dir.empty()) {
            const auto is_gone = [](const MappedDirectory& place) {
                return is_at_or_below(dms_config, place.prefix) &&
                       !PlacedFiles({{"/", place.reader, "/"}}).facts(place.real);
            };
            std::erase_if(places, is_gone);
            places.push_back({std::string(dms_config), sources.host, sources.config_dir});
        }
    } else {
        places.push_back({"/", sources.host, "/"});
        places.push_back({"/etc/docker", sources.inside, "/etc/docker"});
        if (evidence.system == System::mailu) places.push_back({"/version", sources.inside, "/version"});
        if (sources.live && sources.config_dir.empty()) {
            places.push_back({"/data/conf/postfix", sources.inside, "/opt/postfix/conf"});
            for (const char* const own : {"/hooks", "/etc/ssl/mail"}) places.push_back({own, sources.inside, own});
        }
    }
    evidence.files = std::make_shared<PlacedFiles>(std::move(places), std::move(contents));
}

// Mailu's root, by a folder of it that a service mounts; empty: none of the root's. Its own folder of overrides is in
// "overrides", or is that (up to 1.7).
std::string root_of_mount(const MountFact& mount, std::string_view target)
{
    if (mount.target != target || mount.host_path.empty()) return "";
    std::string above = parent_of(mount.host_path);
    const bool is_overrides = target == "/overrides" || target == "/etc/rspamd/override.d";
    if (!is_overrides || base_name(mount.host_path) == "overrides") return above;
    return base_name(above) == "overrides" ? parent_of(above) : "";
}

// The rules read overrides most; certificates are often in a folder of another program's. One that is there wins.
std::string mailu_root(const Evidence& evidence)
{
    std::string first;
    for (const char* const target : {"/overrides", "/etc/rspamd/override.d", "/mail", "/dkim", "/certs"})
        for (const MountFact& mount : evidence.mounts) {
            std::string root = root_of_mount(mount, target);
            if (root.empty()) continue;
            if (evidence.files->facts(root)) return root;
            if (first.empty()) first = root;
        }
    return first;
}

// Where nobody named it: beside the compose file, or where its volumes come from.
void find_config_dir(Evidence& evidence, const Sources& sources)
{
    if (evidence.system == System::docker_mailserver) return see_config_folder(evidence, sources);
    evidence.config_dir = sources.config_dir;
    if (evidence.system == System::mailcow && evidence.config_dir.empty())
        evidence.config_dir = evidence.compose ? joined(evidence.compose->directory, "data/conf") : "/data/conf";
    if (evidence.system == System::mailu && evidence.config_dir.empty()) evidence.config_dir = mailu_root(evidence);
    if (evidence.system == System::mailcow) evidence.home_dir = parent_of(parent_of(evidence.config_dir));
    if (evidence.home_dir == "/") evidence.home_dir.clear();
    // mailcow's Postfix container has one part of it, at a place of its own.
    auto facts = evidence.config_dir.empty() ? std::nullopt : evidence.files->facts(evidence.config_dir);
    if (!facts && evidence.system == System::mailcow) facts = evidence.files->facts(evidence.config_dir + "/postfix");
    evidence.config_known = facts.has_value();
}

void add_mailu(Evidence& evidence, const Sources& sources)
{
    read_file_variables(evidence, sources);
    for (const std::string& path : {evidence.config_dir + "/data/main.db", std::string("/data/main.db")})
        if (const auto text = evidence.files->text(path); text && evidence.database_revision.empty())
            evidence.database_revision = first_text(*text, "alembic_version");
    if (!sources.live) return;
    const auto cpu = read_named(*sources.inside, "/proc/cpuinfo");
    const std::size_t at = cpu ? cpu->find("\nflags") : std::string::npos;
    if (at == std::string::npos) return;
    const std::size_t colon = cpu->find(':', at);
    evidence.cpu_flags = cpu->substr(colon + 1, cpu->find('\n', at + 1) - colon - 1);
}

Result<> add_mailcow(Evidence& evidence, const Sources& sources)
{
    const auto text =
        evidence.home_dir.empty() ? std::nullopt : evidence.files->text(evidence.home_dir + "/mailcow.conf");
    if (text && sources.env_file.empty())
        take_settings(evidence, parse_dotenv("mailcow.conf", *text, lookup_in(*sources.environment)));
    const bool inside = sources.live && sources.config_dir.empty();
    const PlacedFiles container({{"/", sources.inside, "/"}});
    evidence.certificates = inside ? read_certificates(container, "/etc/ssl/mail")
                                   : read_certificates(*evidence.files, evidence.home_dir + "/data/assets/ssl");
    const auto addresses = read_named(*sources.inside, "/proc/net/if_inet6");
    evidence.host_has_ipv6 = addresses && !addresses->empty();
    return {};
}

}  // namespace

void take_problems(Evidence& evidence, const std::vector<Problem>& problems)
{
    evidence.problems.insert(evidence.problems.end(), problems.begin(), problems.end());
}

void take_settings(Evidence& evidence, const EnvFile& file)
{
    evidence.settings_known = true;
    take_problems(evidence, file.problems);
    for (const auto& [name, setting] : file.settings) evidence.settings[name] = setting;
}

Result<Evidence> gather(const Sources& sources)
{
    return gather(sources, TRY(read_project_of(sources)));
}

Result<Evidence> gather(const Sources& sources, std::optional<Compose> project)
{
    Evidence evidence;
    evidence.system = sources.system;
    evidence.service = sources.service;
    evidence.shown_config_dir = sources.shown_config_dir;
    evidence.directory = sources.directory;
    evidence.compose = std::move(project);
    evidence.live = sources.live;
    evidence.survey = sources.survey;
    evidence.layout = sources.layout;
    evidence.now = std::time(nullptr);
    if (sources.survey != nullptr) {
        if (sources.root == "/") evidence.process = sources.survey->process;  // below --root another will run
        evidence.identities = sources.survey->identities;
        evidence.lock_holder = volume_holder(*sources.inside, sources.layout->state_dir);
    }
    std::vector<MappedDirectory> places;
    std::map<std::string, std::string> contents;
    add_live_mounts(evidence, sources);
    TRY(add_named_env_file(evidence, sources));
    add_compose(evidence, sources, places, contents);  // what environment: says wins over every file, as with compose
    if (!evidence.settings_known && sources.live) add_process(evidence, *sources.settings);
    add_places(evidence, sources, std::move(places), std::move(contents));
    find_config_dir(evidence, sources);
    if (evidence.system == System::docker_mailserver) read_mail_tables(evidence);
    if (evidence.system == System::mailu) add_mailu(evidence, sources);
    if (evidence.system == System::mailcow) TRY(add_mailcow(evidence, sources));
    add_versions(evidence, sources);
    return evidence;
}

}  // namespace mailstate
