// SPDX-License-Identifier: MIT
// By yaml-cpp, which reports by exceptions: none leaves this file.
#include "preflight/compose.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "mailstate/text.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t largest_file = std::size_t{4} << 20U;

class Reading {
public:
    Reading(std::string_view file, const Variables& variables, Compose& compose)
        : file_(file), variables_(variables), compose_(compose)
    {
    }

    void top(const YAML::Node& root)
    {
        if (!root.IsMap()) return;
        if (const YAML::Node name = root["name"]; name && name.IsScalar()) compose_.project = text(name);
        const YAML::Node services = root["services"];
        compose_.empty_services = services && !services.IsMap();
        if (services && services.IsMap())
            for (const auto& pair : services) service(pair.first.as<std::string>(), pair.second);
        const YAML::Node volumes = root["volumes"];
        if (volumes && volumes.IsMap())
            for (const auto& pair : volumes) volume(pair.first.as<std::string>(), pair.second);
        const YAML::Node secrets = root["secrets"];
        if (secrets && secrets.IsMap())
            for (const auto& pair : secrets)
                compose_.secrets.push_back(
                    {pair.first.as<std::string>(), pair.second.IsMap() ? text(pair.second["file"]) : ""});
    }

private:
    [[nodiscard]] std::string text(const YAML::Node& node) const
    {
        return node && node.IsScalar() ? interpolate(node.Scalar(), variables_) : "";
    }

    [[nodiscard]] std::string where(const YAML::Node& node) const { return place_of(file_, node.Mark().line + 1); }

    // A member, or the same of what "<<: *anchor" merges in.
    static YAML::Node member(const YAML::Node& map, const std::string& key)
    {
        if (!map.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
        if (const YAML::Node own = map[key]; own) return own;
        const YAML::Node merged = map["<<"];
        if (!merged) return YAML::Node(YAML::NodeType::Undefined);
        if (merged.IsMap()) return merged[key];
        if (merged.IsSequence())
            for (const YAML::Node& each : merged)
                if (each.IsMap() && each[key]) return each[key];
        return YAML::Node(YAML::NodeType::Undefined);
    }

    // "KEY: [a, b]", "KEY: a", and lists of maps whose `field` is meant.
    std::vector<std::string> list(const YAML::Node& node, const char* field = nullptr) const
    {
        std::vector<std::string> texts;
        if (node && node.IsScalar()) texts.push_back(text(node));
        if (node && node.IsSequence())
            for (const YAML::Node& each : node) {
                const YAML::Node item = each.IsMap() && field != nullptr ? each[field] : each;
                if (item && item.IsScalar()) texts.push_back(text(item));
            }
        return texts;
    }

    // An anchor may be merged into itself, so the depth has an end. Of several merged maps the first one wins.
    void environment(const YAML::Node& node, ComposeService& service, int depth = 0) const
    {
        constexpr int deepest = 16;
        if (!node || depth > deepest) return;
        if (node.IsMap()) {
            const YAML::Node merged = node["<<"];
            if (merged && merged.IsMap()) environment(merged, service, depth + 1);
            if (merged && merged.IsSequence())
                for (std::size_t i = merged.size(); i-- > 0;)
                    if (merged[i].IsMap()) environment(merged[i], service, depth + 1);
            for (const auto& pair : node)
                if (pair.first.IsScalar() && pair.first.Scalar() != "<<" && pair.second.IsScalar())
                    set(service, pair.first.Scalar(), text(pair.second), pair.first);
        }
        if (node.IsSequence())
            for (const YAML::Node& each : node) {
                if (!each.IsScalar()) continue;
                const std::string line = text(each);
                const std::size_t equals = line.find('=');
                const std::string name = line.substr(0, equals);
                const auto inherited = variables_.find(name);
                if (equals != std::string::npos)
                    set(service, name, line.substr(equals + 1), each);
                else if (inherited != variables_.end())
                    set(service, name, inherited->second, each);
            }
    }

    void set(ComposeService& service, const std::string& name, std::string value, const YAML::Node& at) const
    {
        Setting setting;
        setting.value = std::move(value);
        setting.where = where(at);
        setting.from_file = false;
        service.environment[name] = std::move(setting);
    }

    // "source:target[:ro]" or a map.
    void mount(const YAML::Node& node, ComposeService& service) const
    {
        ComposeMount mount;
        mount.where = where(node);
        if (node.IsMap()) {
            mount.source = text(node["source"].IsDefined() ? node["source"] : node["src"]);
            mount.target = text(node["target"].IsDefined() ? node["target"] : node["dst"]);
            mount.type = text(node["type"]);
            mount.read_only = text(node["read_only"]) == "true";
        } else if (node.IsScalar()) {
            const std::vector<std::string> parts = split_list(text(node), ':');
            mount.target = parts.empty() ? "" : parts[parts.size() > 1 ? 1 : 0];
            if (parts.size() > 1) mount.source = parts[0];
            mount.read_only = parts.size() > 2 && (parts[2] == "ro" || parts[2].starts_with("ro,"));
        }
        if (mount.target.empty()) return;
        const bool is_path =
            mount.source.starts_with('/') || mount.source.starts_with('.') || mount.source.starts_with('~');
        if (mount.type.empty()) mount.type = is_path ? "bind" : "volume";
        while (mount.target.size() > 1 && mount.target.ends_with('/')) mount.target.pop_back();
        service.mounts.push_back(std::move(mount));
    }

    // "name", which is at /run/secrets/name, or a map.
    void secret(const YAML::Node& node, ComposeService& service) const
    {
        const std::string name = text(node.IsMap() ? node["source"] : node);
        const std::string target = node.IsMap() ? text(node["target"]) : "";
        if (name.empty()) return;
        const std::string place = target.empty() ? name : target;
        service.mounts.push_back(
            {name, place.starts_with('/') ? place : "/run/secrets/" + place, "secret", true, where(node)});
    }

    void service(const std::string& name, const YAML::Node& node)
    {
        ComposeService service;
        service.name = name;
        service.where = where(node);
        if (node.IsMap()) {
            const YAML::Node image = member(node, "image");
            service.written_image = image && image.IsScalar() ? image.Scalar() : "";
            service.image = text(image);
            environment(member(node, "environment"), service);
            service.env_files = list(member(node, "env_file"), "path");
            if (const YAML::Node volumes = member(node, "volumes"); volumes && volumes.IsSequence())
                for (const YAML::Node& each : volumes) mount(each, service);
            if (const YAML::Node secrets = member(node, "secrets"); secrets && secrets.IsSequence())
                for (const YAML::Node& each : secrets) secret(each, service);
            for (const std::string& written : list(member(node, "tmpfs"))) {
                const std::string target = written.substr(0, written.find(':'));
                if (!target.empty()) service.mounts.push_back({"", target, "tmpfs", false, service.where});
            }
            service.ports = list(member(node, "ports"), "target");
            service.cap_add = list(member(node, "cap_add"));
            service.cap_drop = list(member(node, "cap_drop"));
            service.security_opt = list(member(node, "security_opt"));
            service.privileged = text(member(node, "privileged")) == "true";
        }
        compose_.services.push_back(std::move(service));
    }

    void volume(const std::string& name, const YAML::Node& node)
    {
        ComposeVolume volume{name, "", "", ""};
        if (node.IsMap()) {
            volume.real_name = text(node["name"]);
            if (const YAML::Node options = node["driver_opts"]; options && options.IsMap()) {
                volume.fs_type = text(options["type"]);
                volume.device = text(options["device"]);
            }
        }
        compose_.volumes.push_back(std::move(volume));
    }

    std::string file_;
    const Variables& variables_;
    Compose& compose_;
};

Finding unreadable(std::string subject, const std::string& why)
{
    return {Severity::error, "compose.unreadable", std::move(subject), "this is no compose file: " + why,
            "Correct the line; docker compose config says the same."};
}

template <class Row>
void append(std::vector<Row>& to, const std::vector<Row>& from)
{
    to.insert(to.end(), from.begin(), from.end());
}

void merge_service(ComposeService& base, const ComposeService& over)
{
    if (!over.image.empty()) {
        base.image = over.image;
        base.written_image = over.written_image;
    }
    for (const auto& [name, setting] : over.environment) base.environment[name] = setting;
    append(base.env_files, over.env_files);
    for (const ComposeMount& mount : over.mounts) {
        std::erase_if(base.mounts, [&](const ComposeMount& old) { return old.target == mount.target; });
        base.mounts.push_back(mount);
    }
    append(base.ports, over.ports);
    append(base.cap_add, over.cap_add);
    append(base.cap_drop, over.cap_drop);
    append(base.security_opt, over.security_opt);
    base.privileged = base.privileged || over.privileged;
}

}  // namespace

Compose parse_compose(std::string_view file_name, std::string_view text, const Variables& variables)
{
    Compose compose;
    compose.file = file_name;
    if (text.size() > largest_file) {
        compose.problems.push_back(unreadable(compose.file, "it is larger than 4 MiB"));
        return compose;
    }
    try {
        const YAML::Node root = YAML::Load(std::string(text));
        Reading(file_name, variables, compose).top(root);
        if (!root.IsMap()) compose.problems.push_back(unreadable(compose.file, "it is no map with services"));
    } catch (const YAML::Exception& error) {
        const int line = error.mark.is_null() ? 1 : error.mark.line + 1;
        compose.problems.push_back(unreadable(place_of(file_name, line), error.msg));
    }
    return compose;
}

void merge_compose(Compose& base, const Compose& over)
{
    for (const ComposeService& service : over.services) {
        const auto same = [&](const ComposeService& old) { return old.name == service.name; };
        const auto found = std::ranges::find_if(base.services, same);
        if (found == base.services.end())
            base.services.push_back(service);
        else
            merge_service(*found, service);
    }
    append(base.volumes, over.volumes);
    append(base.secrets, over.secrets);
    append(base.problems, over.problems);
    if (base.project.empty()) base.project = over.project;
}

const ComposeService* find_service(const Compose& compose, std::string_view name)
{
    const auto found = std::ranges::find(compose.services, name, &ComposeService::name);
    return found == compose.services.end() ? nullptr : &*found;
}

const ComposeVolume* find_volume(const Compose& compose, std::string_view name)
{
    const auto found = std::ranges::find(compose.volumes, name, &ComposeVolume::name);
    return found == compose.volumes.end() ? nullptr : &*found;
}

const ComposeSecret* find_secret(const Compose& compose, std::string_view name)
{
    const auto found = std::ranges::find(compose.secrets, name, &ComposeSecret::name);
    return found == compose.secrets.end() ? nullptr : &*found;
}

}  // namespace mailstate
