// SPDX-License-Identifier: MIT
// The volumes of a pod.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "preflight/compose.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

struct ManifestObjects {  // they point into the documents, which must live as long
    using ByName = std::map<std::pair<std::string, std::string>, const YamlNode*>;  // by name and namespace
    ByName config_maps, claims;
    std::map<std::string, const YamlNode*, std::less<>> volumes;
};

class KnownObjects {  // what a workload of the namespace can name; an object without a namespace may be of any
public:
    KnownObjects(const ManifestObjects& all, std::string name_space) : all_(all), name_space_(std::move(name_space)) {}
    [[nodiscard]] const YamlNode* config_map(const std::string& name) const;
    [[nodiscard]] const YamlNode* claim(const std::string& name) const;
    [[nodiscard]] const auto& volumes() const { return all_.volumes; }
    [[nodiscard]] const std::string& name_space() const { return name_space_; }

private:
    const ManifestObjects& all_;
    std::string name_space_;
};

std::string namespace_of(const YamlNode& object);  // empty: it has none, and takes that of the command

ManifestObjects sorted_objects(const std::vector<YamlNode>& objects);

void read_pod_mounts(const YamlNode& container, const YamlNode& pod, const YamlNode& object,
                     const KnownObjects& objects, ComposeService& service);

}  // namespace mailstate
