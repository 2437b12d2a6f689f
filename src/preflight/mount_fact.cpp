// SPDX-License-Identifier: MIT
#include <cctype>

#include "preflight/gathering.hpp"
#include "preflight/lines.hpp"
#include "preflight/places.hpp"

namespace mailstate {

namespace {

const char* const engine_volumes = "/var/lib/docker/volumes";

// The name that compose gives a project without one: the folder's, in lower case, letters, digits, '-' and '_' only.
std::string project_name(const Compose& compose)
{
    if (!compose.project.empty()) return compose.project;
    std::string name = lower_case(base_name(compose.directory));
    std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0 && c != '-' && c != '_'; });
    return name;
}

std::string on_host(const Sources& sources, const std::string& path)
{
    return sources.root == "/" ? path : sources.root + path;
}

std::string volume_path(const Sources& sources, const Compose& compose, const ComposeMount& mount)
{
    const ComposeVolume* const volume = find_volume(compose, mount.source);
    const bool renamed = volume != nullptr && !volume->real_name.empty();
    const std::string name = renamed ? volume->real_name : project_name(compose) + "_" + mount.source;
    const std::string path = on_host(sources, std::string(engine_volumes) + "/" + name + "/_data");
    return PlacedFiles({{"/", sources.host, "/"}}).facts(path) ? path : "";
}

std::string type_at(const Reader& reader, const std::string& path)
{
    const auto table = reader.mounts();
    const Mount* const mount = table ? table->covering(path) : nullptr;
    return mount == nullptr ? "" : mount->fs_type;
}

}  // namespace

Result<std::string> read_named(const Reader& reader, const std::string& path)
{
    const PlacedFiles files({{"/", &reader, "/"}});
    if (auto text = files.text(path)) return *std::move(text);
    const auto directory = reader.open(Path(parent_of(path)));
    if (!directory) return fail(directory.error());
    const auto content = reader.read_file({*directory, base_name(path)}, std::size_t{64} << 20U);
    if (!content) return fail(content.error());
    return *content;
}

namespace {

std::string secret_path(const Sources& sources, const Compose& compose, const std::string& name)
{
    const ComposeSecret* const secret = find_secret(compose, name);
    if (secret == nullptr || secret->file.empty() || secret->file.starts_with('~')) return "";
    return secret->file.starts_with('/') ? on_host(sources, secret->file) : joined(secret->directory, secret->file);
}

// A path of the file as the host has it; empty where a home directory is meant.
std::string bind_path(const Sources& sources, const ComposeMount& mount)
{
    if (mount.source.starts_with('~')) return "";
    return mount.source.starts_with('/') ? on_host(sources, mount.source) : joined(mount.directory, mount.source);
}

// driver_opts {type: none, o: bind, device: /path} is a bind mount by another name.
void read_volume(const Sources& sources, const ComposeVolume& volume, MountFact& fact)
{
    fact.options_where = volume.where;
    if (!volume.options.empty()) fact.options = (fact.options.empty() ? "" : fact.options + ",") + volume.options;
    const bool is_bind = volume.fs_type == "none" || volume.fs_type.empty();
    if (!is_bind) fact.fs_type = volume.fs_type;
    if (is_bind && volume.device.starts_with('/')) fact.host_path = on_host(sources, volume.device);
}

}  // namespace

MountFact mount_fact(const Sources& sources, const Compose& compose, const ComposeService& service,
                     const ComposeMount& mount)
{
    MountFact fact{mount.target, mount.source, mount.fs_type,        mount.read_only ? "ro" : "",
                   service.name, mount.where,  mount.type == "bind", ""};
    fact.options_where = mount.options_where;
    fact.option_places = mount.option_places;
    if (!mount.options.empty()) fact.options = (fact.options.empty() ? "" : fact.options + ",") + mount.options;
    if (mount.type == "tmpfs") fact.fs_type = "tmpfs";
    fact.anonymous = mount.type == "volume" && mount.source.empty() && !compose.is_manifest;
    if (mount.type == "bind" && !compose.is_manifest) fact.host_path = bind_path(sources, mount);
    if (mount.type == "secret" && !compose.is_manifest) fact.host_path = secret_path(sources, compose, mount.source);
    if (mount.type == "volume" && !mount.source.empty() && !compose.is_manifest) {
        fact.host_path = volume_path(sources, compose, mount);
        if (const ComposeVolume* const volume = find_volume(compose, mount.source)) read_volume(sources, *volume, fact);
    }
    if (fact.fs_type.empty() && !fact.host_path.empty()) fact.fs_type = type_at(*sources.host, fact.host_path);
    return fact;
}

}  // namespace mailstate
