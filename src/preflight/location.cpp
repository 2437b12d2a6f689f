// SPDX-License-Identifier: MIT
#include "preflight/location.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/sightings.hpp"

namespace mailstate {

namespace {

// "name:12"; line 0 where there is none.
Location split(const std::string& subject)
{
    const std::size_t colon = subject.rfind(':');
    if (colon == std::string::npos) return {subject, 0};
    constexpr std::uint64_t largest = 100'000'000;
    const std::uint64_t line = parse_decimal(subject.substr(colon + 1)).value_or(0);
    if (line == 0 || line > largest) return {subject, 0};
    return {subject.substr(0, colon), static_cast<int>(line)};
}

// A path of the container as the host has it; empty where nothing maps it.
std::string host_path(const Evidence& evidence, const std::string& path)
{
    const auto is_mapped = [](const MountFact& mount) { return !mount.host_path.empty(); };
    const MountFact* const mount = mount_over(evidence, path, is_mapped);
    return mount == nullptr ? "" : path_on_host(*mount, path);
}

bool is_named_relatively(const Evidence& evidence)
{
    const std::string& named = evidence.compose ? evidence.compose->file : evidence.shown_config_dir;
    return !named.empty() && !named.starts_with('/') && !evidence.directory.empty();
}

// In the configuration folder; of mailcow, in its checkout, too.
std::string path_of(const Evidence& evidence, const std::string& name)
{
    if (name.starts_with('/')) return name;
    const std::string path = evidence.config_dir + "/" + name;
    const bool is_home = !evidence.home_dir.empty() && evidence.files && !evidence.files->facts(path);
    return is_home ? evidence.home_dir + "/" + name : path;
}

}  // namespace

std::string shown_file(const Evidence& evidence, const std::string& path)
{
    const std::string &folder = evidence.config_dir, &shown = evidence.shown_config_dir;
    if (!shown.empty() && is_at_or_below(folder, path) && path != folder)
        return shown + (shown.ends_with('/') ? "" : "/") + path.substr(folder.size() + 1);
    if (evidence.live) return path;
    const std::string mapped = host_path(evidence, path);
    std::string real = mapped.empty() ? path : mapped;
    if (evidence.compose && !evidence.compose->path.empty())
        if (std::string named = shown_path(evidence.compose->file, evidence.compose->path, real); named != real)
            return named;
    if (!is_named_relatively(evidence) || !is_at_or_below(evidence.directory, real)) return real;
    return real.substr(evidence.directory == "/" ? 1 : evidence.directory.size() + 1);
}

std::optional<Location> location_in_project(const Evidence& evidence, const std::string& subject)
{
    const Location location = split(subject);
    const std::string path = location.file.starts_with('/') ? location.file : evidence.config_dir + "/" + location.file;
    const auto found = evidence.content_places.find(path);
    if (found == evidence.content_places.end()) return std::nullopt;
    const TextPlace& place = found->second;
    const bool has_line = location.line > 0 && place.text_line > 0;
    return Location{place.file, has_line ? place.text_line + location.line - 1 : place.line};
}

std::optional<Location> location_of(const std::vector<std::string>& files_read, const std::string& subject)
{
    Location location = split(subject);
    if (std::ranges::find(files_read, location.file) == files_read.end()) return std::nullopt;
    return location;
}

std::optional<Location> location_of(const Evidence& evidence, const std::string& subject)
{
    Location location = split(subject);
    const std::string name = location.file;
    if (name.empty()) return std::nullopt;
    if (auto listed = location_of(evidence.files_read, subject)) return listed;
    if (auto in_project = location_in_project(evidence, subject)) return in_project;
    if (!evidence.files) return std::nullopt;
    const std::string path = path_of(evidence, name);
    if (!evidence.files->facts(path)) return std::nullopt;
    location.file = shown_file(evidence, path);
    return location;
}

}  // namespace mailstate
