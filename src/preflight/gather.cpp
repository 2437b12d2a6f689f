// SPDX-License-Identifier: MIT
#include "preflight/gather.hpp"

#include <algorithm>
#include <ctime>

#include "mailstate/text.hpp"
#include "preflight/gathering.hpp"
#include "preflight/lines.hpp"
#include "preflight/places.hpp"
#include "preflight/sni.hpp"
#include "preflight/sqlite.hpp"

namespace mailstate {

namespace {

constexpr std::string_view dms_config = "/tmp/docker-mailserver";

void take_problems(Evidence& evidence, const std::vector<Finding>& problems)
{
    evidence.problems.insert(evidence.problems.end(), problems.begin(), problems.end());
}

Version version_of(System system, std::string_view text)
{
    return system == System::mailcow ? parse_monthly_version(text) : parse_dotted_version(text);
}

// --- variables

void add_settings(Evidence& evidence, const EnvFile& file)
{
    evidence.settings_known = true;
    take_problems(evidence, file.problems);
    for (const auto& [name, setting] : file.settings) evidence.settings[name] = setting;
}

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
    add_settings(evidence, parse_env_file(base_name(sources.env_file), text));
    return {};
}

bool is_of_system(const ComposeService& service, System system)
{
    const std::string name = image_name(service.image);
    if (system == System::docker_mailserver) return name.find("mailserver") != std::string::npos;
    return name.find(name_of(system)) != std::string::npos;
}

// The services that are the mail system: by their images, else by what they mount, else all of them.
std::vector<const ComposeService*> services_of(const Compose& compose, System system)
{
    std::vector<const ComposeService*> found;
    for (const ComposeService& service : compose.services)
        if (is_of_system(service, system)) found.push_back(&service);
    if (found.empty() || system != System::docker_mailserver) {
        found.clear();
        for (const ComposeService& service : compose.services) {
            const auto known = [](const ComposeMount& mount) {
                return is_at_or_below(dms_config, mount.target) || is_at_or_below("/var/mail-state", mount.target);
            };
            if (system != System::docker_mailserver || compose.services.size() == 1 ||
                std::ranges::any_of(service.mounts, known))
                found.push_back(&service);
        }
    }
    return found;
}

// Several services may name one file; what is wrong with it is said once.
void add_compose_settings(Evidence& evidence, const Sources& sources, const ComposeService& service,
                          std::set<std::string>& files)
{
    for (const std::string& file : service.env_files) {
        const std::string path = joined(parent_of(sources.compose_file), file);
        const bool is_new = files.insert(path).second;
        const auto text = read_named(*sources.host, path);
        if (text) {
            EnvFile parsed = parse_env_file(base_name(file), *text, EnvReader::compose);
            if (!is_new) parsed.problems.clear();
            add_settings(evidence, parsed);
        } else if (is_new)
            evidence.problems.push_back(
                {Severity::warning, "env.unreadable", printable(file),
                 "the env file of " + service.name + " cannot be read: " + describe(text.error()),
                 "Put it there, or name another with --env-file."});
    }
    if (evidence.system == System::mailcow) return;
    evidence.settings_known = true;
    for (const auto& [name, setting] : service.environment) evidence.settings[name] = setting;
}

// --- compose

Result<> add_compose(Evidence& evidence, const Sources& sources)
{
    if (sources.compose_file.empty()) return {};
    const std::string folder = parent_of(sources.compose_file);
    Variables variables;
    if (const auto text = read_named(*sources.host, joined(folder, ".env")))
        for (const auto& [name, setting] : parse_env_file(".env", *text).settings) variables[name] = setting.value;
    for (const auto& [name, value] : *sources.environment) variables[name] = value;

    const std::string text = TRY(read_named(*sources.host, sources.compose_file));
    evidence.compose = parse_compose(base_name(sources.compose_file), text, variables);
    for (const char* name : {"docker-compose.override.yml", "compose.override.yaml", "compose.override.yml"}) {
        const auto over = read_named(*sources.host, joined(folder, name));
        if (!over || base_name(sources.compose_file) == name) continue;
        evidence.override_file = parse_compose(name, *over, variables);
        merge_compose(*evidence.compose, *evidence.override_file);
        break;
    }
    take_problems(evidence, evidence.compose->problems);
    return {};
}

void add_compose_mounts(Evidence& evidence, const Sources& sources, std::vector<MappedDirectory>& places)
{
    if (!evidence.compose) return;
    evidence.mounts_known = true;
    std::set<std::string> env_files{sources.env_file};
    const auto system = services_of(*evidence.compose, evidence.system);
    for (const ComposeService* service : system) {
        evidence.mail_services.insert(service->name);
        add_compose_settings(evidence, sources, *service, env_files);
        for (const ComposeMount& mount : service->mounts) {
            MountFact fact = mount_fact(sources, *evidence.compose, *service, mount);
            if (!fact.host_path.empty() && evidence.system == System::docker_mailserver)
                places.push_back({fact.target, sources.host, fact.host_path});
            evidence.mounts.push_back(std::move(fact));
        }
    }
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

// --- versions

std::string image_version(const Evidence& evidence)
{
    if (!evidence.compose || evidence.system == System::mailcow) return "";  // whose images count for themselves
    for (const ComposeService* service : services_of(*evidence.compose, evidence.system))
        if (is_of_system(*service, evidence.system)) {
            const std::string tag = image_tag(service->image);
            return tag.empty() ? "latest" : tag;
        }
    return "";
}

// What runs here: docker-mailserver says so itself, Mailu in /version, mailcow in a file of its checkout.
std::string own_version(const Evidence& evidence, const Sources& sources)
{
    const auto word = [&](const char* path) {
        const auto text = evidence.files->text(path);
        return text ? std::string(first_word(*text)) : "";
    };
    if (evidence.system == System::mailcow) {
        const auto text = evidence.files->text(evidence.home_dir + "/data/web/inc/app_info.inc.php");
        const std::size_t at = text ? text->find("MAILCOW_GIT_VERSION") : std::string::npos;
        if (at == std::string::npos) return "";
        const std::size_t begin = text->find_first_of("\"'", at), end = text->find_first_of("\"'", begin + 1);
        return begin == std::string::npos || end == std::string::npos ? "" : text->substr(begin + 1, end - begin - 1);
    }
    if (!sources.live) return "";
    if (evidence.system == System::mailu) return word("/version");
    const std::string release = value_of(evidence, "DMS_RELEASE");
    return release.empty() ? word("/VERSION") : release;
}

// From what older versions left on the volume; mailstate's own workspace ends the guessing.
std::string guessed_version(const Evidence& evidence)
{
    if (evidence.system != System::docker_mailserver || !evidence.files) return "";
    const std::string state = "/var/mail-state";
    const auto is_there = [&](const std::string& name) { return evidence.files->facts(state + name).has_value(); };
    if (!is_there("") || is_there("/.mailstate")) return "";
    if (is_there("/lib-shared/dhparams.pem")) return "10.1.0";
    for (const char* name : {"/spool-postfix/dev", "/spool-postfix/etc", "/spool-postfix/lib", "/spool-postfix/usr"})
        if (is_there(name)) return "11.3.0";
    const auto maildrop = evidence.files->facts(state + "/spool-postfix/maildrop"),
               open = evidence.files->facts(state + "/spool-postfix/public");
    if (maildrop && open && maildrop->mode.bits == 01730 && open->mode.bits == 02710) return "12.0.0";
    return "";
}

void add_versions(Evidence& evidence, const Sources& sources)
{
    const std::string image = image_version(evidence), own = own_version(evidence, sources);
    std::string to = sources.to, from = sources.from;
    if (sources.live && to.empty()) to = own;
    if (from.empty()) from = !image.empty() ? image : sources.live ? guessed_version(evidence) : own;
    if (to.empty()) to = from;
    evidence.from = version_of(evidence.system, from);
    evidence.to = version_of(evidence.system, to);
}

// --- files

void add_places(Evidence& evidence, const Sources& sources, std::vector<MappedDirectory> places)
{
    if (evidence.system == System::docker_mailserver) {
        if (sources.live) places.insert(places.begin(), {"/", sources.inside, "/"});
        evidence.config_dir = dms_config;
        if (!sources.config_dir.empty()) places.push_back({std::string(dms_config), sources.host, sources.config_dir});
    } else {
        places.push_back({"/", sources.host, "/"});
        places.push_back({"/etc/docker", sources.inside, "/etc/docker"});
        if (evidence.system == System::mailu) places.push_back({"/version", sources.inside, "/version"});
        if (sources.live && sources.config_dir.empty())
            places.push_back({"/data/conf/postfix", sources.inside, "/opt/postfix/conf"});
    }
    evidence.files = std::make_shared<PlacedFiles>(std::move(places));
}

// Where nobody named it: beside the compose file, or where its volumes come from.
void find_config_dir(Evidence& evidence, const Sources& sources)
{
    if (evidence.system != System::docker_mailserver) {
        evidence.config_dir = sources.config_dir;
        if (evidence.system == System::mailcow && evidence.config_dir.empty())
            evidence.config_dir =
                sources.compose_file.empty() ? "/data/conf" : joined(parent_of(sources.compose_file), "data/conf");
        for (const MountFact& mount : evidence.mounts)
            if (evidence.system == System::mailu && evidence.config_dir.empty() && !mount.host_path.empty() &&
                (mount.target == "/certs" || mount.target == "/mail"))
                evidence.config_dir = parent_of(mount.host_path);
        if (evidence.system == System::mailcow) evidence.home_dir = parent_of(parent_of(evidence.config_dir));
        if (evidence.home_dir == "/") evidence.home_dir.clear();
    }
    const auto facts = evidence.config_dir.empty() ? std::nullopt : evidence.files->facts(evidence.config_dir);
    const bool has_file = std::ranges::any_of(
        evidence.mounts, [&](const MountFact& mount) { return is_at_or_below(dms_config, mount.target); });
    evidence.config_known = facts.has_value() || (evidence.system == System::docker_mailserver && has_file);
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
    if (text && sources.env_file.empty()) add_settings(evidence, parse_env_file("mailcow.conf", *text));
    const bool inside = sources.live && sources.config_dir.empty();
    const PlacedFiles container({{"/", sources.inside, "/"}});
    evidence.certificates = inside ? read_certificates(container, "/etc/ssl/mail")
                                   : read_certificates(*evidence.files, evidence.home_dir + "/data/assets/ssl");
    const auto addresses = read_named(*sources.inside, "/proc/net/if_inet6");
    evidence.host_has_ipv6 = addresses && !addresses->empty();
    return {};
}

}  // namespace

Result<Evidence> gather(const Sources& sources)
{
    Evidence evidence;
    evidence.system = sources.system;
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
    TRY(add_compose(evidence, sources));
    add_live_mounts(evidence, sources);
    TRY(add_named_env_file(evidence, sources));
    add_compose_mounts(evidence, sources, places);  // what environment: says wins over every file, as with compose
    if (!evidence.settings_known && sources.live) add_process(evidence, *sources.settings);
    add_places(evidence, sources, std::move(places));
    find_config_dir(evidence, sources);
    if (evidence.system == System::docker_mailserver) read_mail_tables(evidence);
    if (evidence.system == System::mailu) add_mailu(evidence, sources);
    if (evidence.system == System::mailcow) TRY(add_mailcow(evidence, sources));
    add_versions(evidence, sources);
    return evidence;
}

}  // namespace mailstate
