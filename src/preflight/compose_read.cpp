// SPDX-License-Identifier: MIT
#include "preflight/compose_read.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/compose_merge.hpp"
#include "preflight/file_paths.hpp"
#include "preflight/volumes_from.hpp"

namespace mailstate {

namespace {

using NodeKind = YamlNode::Kind;

std::string directory_of(const YamlNode& node)
{
    return node.origin ? node.origin->directory : "";
}

void set(ComposeService& service, const std::string& name, const std::optional<std::string>& value,
         const std::string& where)
{
    Setting setting;
    setting.has_no_value = !value;
    setting.value = value.value_or("");
    setting.where = where;
    setting.from_file = false;
    service.environment[name] = std::move(setting);
}

std::optional<std::string> inherited(const Variables& variables, const std::string& name)
{
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

// "NAME=value", "NAME" (which the project's variables may give a value), or a map of them.
void read_environment(const YamlNode& node, const Variables& variables, ComposeService& service)
{
    for (const YamlMember& member : node.members) {
        if (member.value.kind == NodeKind::null)
            set(service, member.key, inherited(variables, member.key), where_of(member));
        else if (member.value.kind == NodeKind::scalar)
            set(service, member.key, member.value.text, where_of(member));
    }
    for (const YamlNode& item : node.items) {
        if (item.kind != NodeKind::scalar) continue;
        const std::size_t equals = item.text.find('=');
        const std::string name = item.text.substr(0, equals);
        set(service, name,
            equals == std::string::npos ? inherited(variables, name) : std::optional(item.text.substr(equals + 1)),
            where_of(item));
    }
}

void read_mount(const YamlNode& node, ComposeService& service)
{
    ComposeMount mount;
    mount.where = where_of(node);
    mount.directory = directory_of(node);
    if (node.kind == NodeKind::map) {
        mount.source = text_at(node, find_member(node, "source") != nullptr ? "source" : "src");
        mount.target = text_at(node, find_member(node, "target") != nullptr ? "target" : "dst");
        mount.type = text_at(node, "type");
        mount.read_only = text_at(node, "read_only") == "true";
    } else if (node.kind == NodeKind::scalar) {
        const VolumeText volume = split_volume(node.text);
        mount.source = volume.source;
        mount.target = volume.target;
        mount.read_only = volume.options == "ro" || volume.options.starts_with("ro,");
    }
    if (mount.target.empty()) return;
    const bool is_path =
        mount.source.starts_with('/') || mount.source.starts_with('.') || mount.source.starts_with('~');
    if (mount.type.empty()) mount.type = is_path ? "bind" : "volume";
    mount.target = without_end_slashes(std::move(mount.target));
    service.mounts.push_back(std::move(mount));
}

// "name", which is at /run/secrets/name, or a map.
void read_secret(const YamlNode& node, ComposeService& service)
{
    const std::string name = node.kind == NodeKind::map ? text_at(node, "source") : node.text;
    const std::string target = node.kind == NodeKind::map ? text_at(node, "target") : "";
    if (name.empty()) return;
    const std::string place = target.empty() ? name : target;
    service.mounts.push_back({name, place.starts_with('/') ? place : "/run/secrets/" + place, "secret", true,
                              where_of(node), directory_of(node)});
}

// A config of the project that has its content in the file.
void read_config(const YamlNode& node, const YamlNode& configs, ComposeService& service)
{
    const std::string name = node.kind == NodeKind::map ? text_at(node, "source") : node.text;
    const std::string target = node.kind == NodeKind::map ? text_at(node, "target") : "";
    const YamlNode& config = node_at(configs, name);
    if (name.empty()) return;
    ComposeMount mount{text_at(config, "file"), target.empty() ? "/" + name : target, "config", true, where_of(node),
                       directory_of(config)};
    if (const YamlMember* const content = find_entry(config, "content")) {
        mount.content = text_of(&content->value);
        mount.content_place = text_place_of(*content);
    }
    if (!mount.source.empty()) mount.type = "bind";
    service.mounts.push_back(std::move(mount));
}

void read_env_file(const YamlNode& node, ComposeService& service)
{
    const bool is_map = node.kind == NodeKind::map;
    const std::string path = is_map ? text_at(node, "path") : text_of(&node);
    if (path.empty()) return;
    service.env_files.push_back({path, directory_of(node), where_of(node), text_at(node, "required") != "false",
                                 text_at(node, "format") == "raw"});
}

void each(const YamlNode& node, const std::function<void(const YamlNode&)>& take)
{
    if (node.kind == NodeKind::scalar) take(node);
    for (const YamlNode& item : node.items) take(item);
}

void read_volumes(const YamlNode& node, ComposeService& service)
{
    for (const YamlNode& item : node_at(node, "volumes").items) read_mount(item, service);
    each(node_at(node, "tmpfs"), [&](const YamlNode& item) {
        const std::string target = item.text.substr(0, item.text.find(':'));
        if (!target.empty()) service.mounts.push_back({"", target, "tmpfs", false, where_of(item), ""});
    });
}

void read_service(const YamlMember& member, const YamlNode& configs, Compose& compose)
{
    const YamlNode& node = member.value;
    ComposeService service;
    service.name = member.key;
    service.where = where_of(member);
    const YamlNode& image = node_at(node, "image");
    const std::string written = text_at(node, "x-image-as-written");
    service.image = text_of(&image);
    service.written_image = written.empty() ? service.image : written;
    service.has_build = find_member(node, "build") != nullptr;
    service.image_where = image.kind == NodeKind::null ? service.where : where_of(image);
    read_environment(node_at(node, "environment"), compose.variables, service);
    each(node_at(node, "env_file"), [&](const YamlNode& item) { read_env_file(item, service); });
    const YamlNode& env_file = node_at(node, "env_file");
    if (env_file.kind == NodeKind::map) read_env_file(env_file, service);
    read_volumes(node, service);
    for (const YamlNode& item : node_at(node, "secrets").items) read_secret(item, service);
    for (const YamlNode& item : node_at(node, "configs").items) read_config(item, configs, service);
    service.volumes_from = items_of(node_at(node, "volumes_from"));
    service.ports = items_of(node_at(node, "ports"), "target");
    service.cap_add = items_of(node_at(node, "cap_add"));
    service.cap_drop = items_of(node_at(node, "cap_drop"));
    service.security_opt = items_of(node_at(node, "security_opt"));
    service.dns = items_of(node_at(node, "dns"));
    service.privileged = text_at(node, "privileged") == "true";
    const YamlNode &deployed = node_at(node_at(node, "deploy"), "replicas"), &scale = node_at(node, "scale");
    const YamlNode& replicas = deployed.kind == NodeKind::scalar ? deployed : scale;  // compose refuses two that differ
    if (replicas.kind == NodeKind::scalar) service.replicas = {replicas.text, where_of(replicas)};
    for (const ComposeItem& profile : items_of(node_at(node, "profiles"))) service.profiles.push_back(profile.text);
    compose.services.push_back(std::move(service));
}

void read_volume(const YamlMember& member, Compose& compose)
{
    const YamlNode& node = member.value;
    const YamlNode &driver = node_at(node, "driver_opts"), &options = node_at(driver, "o");
    ComposeVolume volume{member.key,
                         text_at(node, "name"),
                         text_at(driver, "type"),
                         text_at(driver, "device"),
                         text_of(&options),
                         options.kind == NodeKind::null ? where_of(node) : where_of(options)};
    if (volume.real_name.empty() && text_at(node, "external") == "true") volume.real_name = member.key;
    compose.volumes.push_back(std::move(volume));
}

// COMPOSE_PROFILES names them; "*" is all. A service without profiles always runs.
void choose_profiles(Compose& compose)
{
    const std::vector<std::string> active =
        split_list(inherited(compose.variables, "COMPOSE_PROFILES").value_or(""), ',');
    const auto is_active = [&](const std::string& profile) {
        return profile == "*" || std::ranges::find(active, profile) != active.end();
    };
    const bool all = std::ranges::find(active, "*") != active.end();
    for (ComposeService& service : compose.services)
        service.enabled = all || service.profiles.empty() || std::ranges::any_of(service.profiles, is_active);
}

}  // namespace

TextPlace text_place_of(const YamlMember& member)
{
    return {member.value.origin ? member.value.origin->file : "", member.line, member.value.text_line};
}

std::vector<ComposeItem> items_of(const YamlNode& node, const char* field)
{
    std::vector<ComposeItem> items;
    each(node, [&](const YamlNode& item) {
        const YamlNode& text = item.kind == NodeKind::map && field != nullptr ? node_at(item, field) : item;
        if (text.kind == NodeKind::scalar) items.push_back({text.text, where_of(item)});
    });
    return items;
}

void read_project(const YamlNode& model, Compose& compose)
{
    compose.project = text_at(model, "name");
    const YamlNode& configs = node_at(model, "configs");
    for (const YamlMember& member : node_at(model, "services").members) read_service(member, configs, compose);
    for (const YamlMember& member : node_at(model, "volumes").members) read_volume(member, compose);
    for (const YamlMember& member : node_at(model, "secrets").members)
        compose.secrets.push_back({member.key, text_at(member.value, "file"), directory_of(member.value)});
    follow_volumes_from(compose);
    choose_profiles(compose);
}

}  // namespace mailstate
