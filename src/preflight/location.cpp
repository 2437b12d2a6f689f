// SPDX-License-Identifier: MIT
#include "preflight/location.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"

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
    const MountFact* best = nullptr;
    for (const MountFact& mount : evidence.mounts)
        if (!mount.host_path.empty() && is_at_or_below(mount.target, path) &&
            (best == nullptr || mount.target.size() > best->target.size()))
            best = &mount;
    return best == nullptr ? "" : best->host_path + path.substr(best->target.size());
}

}  // namespace

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
    if (std::ranges::find(evidence.files_read, name) != evidence.files_read.end()) return location;
    if (auto in_project = location_in_project(evidence, subject)) return in_project;
    if (!evidence.files) return std::nullopt;
    const bool is_absolute = name.starts_with('/');
    const std::string path = is_absolute ? name : evidence.config_dir + "/" + name;
    if (!evidence.files->facts(path)) return std::nullopt;
    const std::string mapped = evidence.live ? "" : host_path(evidence, path);
    if (!is_absolute && !evidence.shown_config_dir.empty())
        location.file = evidence.shown_config_dir + (evidence.shown_config_dir.ends_with('/') ? "" : "/") + name;
    else
        location.file = mapped.empty() ? path : mapped;
    return location;
}

}  // namespace mailstate
