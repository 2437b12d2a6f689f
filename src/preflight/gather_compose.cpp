// SPDX-License-Identifier: MIT
// What a compose file or a manifest says of the mail system.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/gathering.hpp"
#include "preflight/recognise.hpp"

namespace mailstate {

namespace {

struct Gathering {
    Evidence& evidence;
    const Sources& sources;
    std::set<std::string> files = {};  // env files that were read: a problem of one is reported once
    std::string replaced = {};         // the one that --env-file stands for
};

// What the project's variables, the service's own and the env files before it give a name.
Lookup lookup_of(const Evidence& evidence, const ComposeService& service, const SettingMap& earlier)
{
    return [&](std::string_view name) -> std::optional<std::string> {
        const Variables& project = evidence.compose->variables;
        if (const auto found = project.find(name); found != project.end()) return found->second;
        for (const SettingMap* const map : {&service.environment, &earlier})
            if (const auto found = map->find(name); found != map->end() && !found->second.has_no_value)
                return found->second.value;
        return std::nullopt;
    };
}

void miss(Gathering& reading, const ComposeService& service, const ComposeEnvFile& file, const std::string& shown,
          const Error& error)
{
    if (!file.required) return;
    const std::string unset = printable(variable_without_value(*reading.evidence.compose, file.where));
    const std::string why = unset.empty() ? "" : " (" + unset + " has no value)";
    reading.evidence.settings_missing = shown + " could not be read" + why;
    Finding finding = make_finding("env.unreadable", shown, "");
    if (unset.empty()) {
        reading.evidence.problems.push_back(
            problem_of(std::move(finding), {"the env file of ", datum("service", service.name), " cannot be read (",
                                            datum("place", file.where), "): ", datum("error", describe(error))}));
        return;
    }
    finding.hint = "Give " + unset + " a value in .env beside the compose file, or in the environment.";
    reading.evidence.problems.push_back(problem_of(
        std::move(finding),
        {"the env file of ", datum("service", service.name), " cannot be read: ", datum("variable", unset),
         " has no value (", datum("place", file.where), "), which makes the path ", datum("path", file.path)}));
}

// What --env-file names stands for the first one that is not here.
bool is_replaced(Gathering& reading, const ComposeEnvFile& file, const std::string& path)
{
    if (reading.sources.env_file.empty() || !file.required || read_named(*reading.sources.host, path)) return false;
    if (reading.replaced.empty()) reading.replaced = path;
    return reading.replaced == path;
}

void add_env_files(Gathering& reading, const ComposeService& service)
{
    Evidence& evidence = reading.evidence;
    SettingMap settings;
    for (const ComposeEnvFile& file : service.env_files) {
        const std::string written = joined(file.directory, file.path);
        const bool other = is_replaced(reading, file, written);
        const std::string path = other ? reading.sources.env_file : written;
        const bool is_new = reading.files.insert(path).second;
        const std::string& shown_other = reading.sources.shown_env_file;
        const std::string shown =
            printable(other && !shown_other.empty() ? shown_other
                                                    : shown_path(evidence.compose->file, evidence.compose->path, path));
        const auto text = read_named(*reading.sources.host, path);
        if (!text) {
            if (is_new) miss(reading, service, file, shown, text.error());
            continue;
        }
        if (is_new) evidence.files_read.push_back(shown);
        EnvFile parsed =
            file.raw ? parse_raw_env(shown, *text) : parse_dotenv(shown, *text, lookup_of(evidence, service, settings));
        if (is_new) take_problems(evidence, parsed.problems);
        for (auto& [name, setting] : parsed.settings) settings[name] = std::move(setting);
    }
    for (const auto& [name, setting] : settings) evidence.settings[name] = setting;
}

void add_settings(Gathering& reading, const ComposeService& service)
{
    add_env_files(reading, service);
    if (reading.evidence.system == System::mailcow) return;
    reading.evidence.settings_known = true;
    if (!service.environment_missing.empty()) reading.evidence.settings_missing = service.environment_missing;
    for (const auto& [name, setting] : service.environment)
        if (setting.has_no_value)
            reading.evidence.settings.erase(name);
        else
            reading.evidence.settings[name] = setting;
}

void add_mounts(Gathering& reading, const ComposeService& service, std::vector<MappedDirectory>& places,
                std::map<std::string, std::string>& contents)
{
    Evidence& evidence = reading.evidence;
    if (evidence.mounts_missing.empty()) evidence.mounts_missing = service.mounts_missing;
    for (const ComposeMount& mount : service.mounts) {
        MountFact fact = mount_fact(reading.sources, *evidence.compose, service, mount);
        if (!fact.host_path.empty() && evidence.system == System::docker_mailserver)
            places.push_back({fact.target, reading.sources.host, fact.host_path});
        if (mount.content) {
            contents[fact.target] = *mount.content;
            evidence.content_places[fact.target] = mount.content_place;
        }
        evidence.mounts.push_back(std::move(fact));
    }
}

}  // namespace

void add_compose(Evidence& evidence, const Sources& sources, std::vector<MappedDirectory>& places,
                 std::map<std::string, std::string>& contents)
{
    if (!evidence.compose) return;
    evidence.mounts_known = true;
    take_problems(evidence, evidence.compose->problems);
    evidence.files_read.insert(evidence.files_read.begin(), evidence.compose->files.begin(),
                               evidence.compose->files.end());
    Gathering reading{evidence, sources};
    reading.files.insert(sources.env_file);
    const auto services = services_of(*evidence.compose, evidence.system);
    const auto is_own = [&](const ComposeService* service) {
        return is_service_of(*evidence.compose, evidence.system, *service);
    };
    const bool has_own = std::ranges::any_of(services, is_own);  // then a database's variables are not the system's
    for (const ComposeService* const service : services) {
        evidence.mail_services.insert(service->name);
        if (!evidence.service.empty() && service->name != evidence.service) continue;
        if (!service->enabled) continue;
        if (!has_own || is_own(service)) add_settings(reading, *service);
        add_mounts(reading, *service, places, contents);
    }
}

}  // namespace mailstate
