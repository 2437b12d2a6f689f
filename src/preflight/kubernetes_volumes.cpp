// SPDX-License-Identifier: MIT
#include "preflight/kubernetes_volumes.hpp"

#include <algorithm>
#include <array>

#include "preflight/compose_read.hpp"
#include "preflight/file_paths.hpp"

namespace mailstate {

namespace {

using NodeKind = YamlNode::Kind;

const YamlNode* named_in(const YamlNode& list, const std::string& name)
{
    for (const YamlNode& item : list.items)
        if (text_at(item, "name") == name || text_at(node_at(item, "metadata"), "name") == name) return &item;
    return nullptr;
}

std::string joined_texts(const YamlNode& list)
{
    std::string text;
    for (const YamlNode& item : list.items) text += (text.empty() ? "" : ",") + item.text;
    return text;
}

// Where either names none, they may be the same.
bool can_be_same(const std::string& name_space, const std::string& other)
{
    return name_space.empty() || other.empty() || name_space == other;
}

// The persistent volume of a claim: by the claim's own word, or by the volume's, which is of no namespace.
const YamlNode* volume_of(const KnownObjects& objects, const std::string& claim)
{
    const YamlNode* const found = objects.claim(claim);
    const std::string name = found == nullptr ? "" : text_at(node_at(*found, "spec"), "volumeName");
    for (const auto& [key, volume] : objects.volumes()) {
        const YamlNode& of = node_at(node_at(*volume, "spec"), "claimRef");
        const bool is_for_it =
            text_at(of, "name") == claim && can_be_same(text_at(of, "namespace"), objects.name_space());
        if (key == name || is_for_it) return volume;
    }
    return nullptr;
}

// nfs, hostPath and so on, of a pod's volume or of a persistent one.
void read_kind(const YamlNode& spec, ComposeMount& mount)
{
    const YamlNode &nfs = node_at(spec, "nfs"), &empty = node_at(spec, "emptyDir"), &host = node_at(spec, "hostPath");
    if (nfs.kind == NodeKind::map) {
        mount.fs_type = "nfs";
        mount.source = text_at(nfs, "server") + ":" + text_at(nfs, "path");
    }
    if (find_member(spec, "cephfs") != nullptr) mount.fs_type = "ceph";
    if (find_member(spec, "glusterfs") != nullptr) mount.fs_type = "glusterfs";
    if (find_member(spec, "emptyDir") != nullptr)
        mount.fs_type = text_at(empty, "medium") == "Memory" ? "tmpfs" : "emptyDir";
    if (host.kind == NodeKind::map) {
        mount.type = "bind";
        mount.source = text_at(host, "path");
    }
}

void read_volume_of_claim(const YamlNode& spec, ComposeMount& mount)
{
    read_kind(spec, mount);
    const YamlNode& options = node_at(spec, "mountOptions");
    mount.options = joined_texts(options);
    mount.option_places = items_of(options);
    if (!mount.options.empty()) mount.options_where = where_of(options);
}

void read_claim(const std::string& claim, const KnownObjects& objects, ComposeMount& mount)
{
    const YamlNode* const volume = volume_of(objects, claim);
    if (volume != nullptr) read_volume_of_claim(node_at(*volume, "spec"), mount);
    mount.source = claim;  // whatever has it
}

// A volume by all that its definition says but its name, which is the pod's own.
std::string definition_of(const YamlNode& node)
{
    std::string text = node.text;
    for (const YamlMember& member : node.members)
        if (member.key != "name" || member.value.kind != NodeKind::scalar)
            text += "{" + member.key + ":" + definition_of(member.value) + "}";
    for (const YamlNode& item : node.items) text += "[" + definition_of(item) + "]";
    return text;
}

// Kubernetes' documentation, Volumes: what begins and ends with the pod.
bool is_of_the_pod(const YamlNode& volume)
{
    return std::ranges::any_of(std::array{"emptyDir", "ephemeral", "csi", "image"},
                               [&](const char* kind) { return find_member(volume, kind) != nullptr; });
}

std::string identity_of(const YamlNode& volume, const std::string& name_space, const std::string& sub_path)
{
    if (is_of_the_pod(volume)) return "";
    const std::string claim = text_at(node_at(volume, "persistentVolumeClaim"), "claimName");
    return (claim.empty() ? definition_of(volume) : "claim " + name_space + "/" + claim) + " " + sub_path;
}

// Each key is a file: the one that subPath names, those of `items`, or all.
void add_files(const YamlNode& items, const YamlNode& map, const std::string& sub_path, const ComposeMount& at,
               ComposeService& service)
{
    for (const YamlMember& member : node_at(map, "data").members) {
        std::string path = member.key;
        if (!items.items.empty()) {
            const auto found = std::ranges::find_if(
                items.items, [&](const YamlNode& item) { return text_at(item, "key") == member.key; });
            if (found == items.items.end()) continue;
            path = text_at(*found, "path");
        }
        if (!sub_path.empty() && sub_path != path) continue;
        ComposeMount file = at;
        file.target = sub_path.empty() ? joined(at.target, path) : at.target;
        file.content = member.value.text;
        file.content_place = text_place_of(member);
        service.mounts.push_back(std::move(file));
    }
}

// The files of a ConfigMap that was given; false where it was not.
bool add_config_map(const YamlNode& source, const KnownObjects& objects, const std::string& sub_path,
                    const ComposeMount& at, ComposeService& service)
{
    const YamlNode* const found = objects.config_map(text_at(source, "name"));
    if (found == nullptr) return false;
    add_files(node_at(source, "items"), *found, sub_path, at, service);
    return true;
}

// Of a volume that is made of ConfigMaps and Secrets: are all of its files known now.
bool add_all_files(const YamlNode& volume, const KnownObjects& objects, const std::string& sub_path,
                   const ComposeMount& at, ComposeService& service)
{
    if (find_member(volume, "projected") == nullptr)
        return add_config_map(node_at(volume, "configMap"), objects, sub_path, at, service);
    bool all = true;
    for (const YamlNode& source : node_at(node_at(volume, "projected"), "sources").items)
        all = add_config_map(node_at(source, "configMap"), objects, sub_path, at, service) && all;
    return all;
}

bool is_of_files(const YamlNode& volume)
{
    return find_member(volume, "configMap") != nullptr || find_member(volume, "secret") != nullptr ||
           find_member(volume, "projected") != nullptr;
}

}  // namespace

std::string namespace_of(const YamlNode& object)
{
    return text_at(node_at(object, "metadata"), "namespace");
}

ManifestObjects sorted_objects(const std::vector<YamlNode>& objects)
{
    ManifestObjects sorted;
    for (const YamlNode& object : objects) {
        const std::string kind = text_at(object, "kind"), name = text_at(node_at(object, "metadata"), "name");
        if (kind == "ConfigMap") sorted.config_maps[{name, namespace_of(object)}] = &object;
        if (kind == "PersistentVolumeClaim") sorted.claims[{name, namespace_of(object)}] = &object;
        if (kind == "PersistentVolume") sorted.volumes[name] = &object;
    }
    return sorted;
}

namespace {

const YamlNode* find_object(const ManifestObjects::ByName& objects, const std::string& name,
                            const std::string& name_space)
{
    if (const auto found = objects.find({name, name_space}); found != objects.end()) return found->second;
    const auto other = name_space.empty() ? objects.lower_bound({name, ""}) : objects.find({name, ""});
    return other != objects.end() && other->first.first == name ? other->second : nullptr;
}

}  // namespace

const YamlNode* KnownObjects::config_map(const std::string& name) const
{
    return find_object(all_.config_maps, name, name_space_);
}

const YamlNode* KnownObjects::claim(const std::string& name) const
{
    return find_object(all_.claims, name, name_space_);
}

void read_pod_mounts(const YamlNode& container, const YamlNode& pod, const YamlNode& object,
                     const KnownObjects& objects, ComposeService& service)
{
    for (const YamlNode& node : node_at(container, "volumeMounts").items) {
        const std::string name = text_at(node, "name"), sub_path = text_at(node, "subPath");
        const std::string target = without_end_slashes(text_at(node, "mountPath"));
        ComposeMount mount{name, target, "volume", text_at(node, "readOnly") == "true", where_of(node), ""};
        if (mount.target.empty()) continue;
        const bool is_template = named_in(node_at(node_at(object, "spec"), "volumeClaimTemplates"), name) != nullptr;
        const YamlNode* const volume = named_in(node_at(pod, "volumes"), name);
        if (volume != nullptr && !is_template) {
            read_kind(*volume, mount);
            const std::string claim = text_at(node_at(*volume, "persistentVolumeClaim"), "claimName");
            if (!claim.empty()) read_claim(claim, objects, mount);
            if (is_of_files(*volume)) {
                if (add_all_files(*volume, objects, sub_path, mount, service)) continue;
                mount.type = "secret";
            }
        }
        mount.is_of_each = is_template;
        mount.volume = volume == nullptr || is_template ? "" : identity_of(*volume, objects.name_space(), sub_path);
        service.mounts.push_back(std::move(mount));
    }
}

}  // namespace mailstate
