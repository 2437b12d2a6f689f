// SPDX-License-Identifier: MIT
// The volumes of a pod.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "preflight/compose.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

struct ManifestObjects {  // by name; they point into the documents, which must live as long
    std::map<std::string, const YamlNode*, std::less<>> config_maps, claims, volumes;
};

ManifestObjects sorted_objects(const std::vector<YamlNode>& objects);

void read_pod_mounts(const YamlNode& container, const YamlNode& pod, const YamlNode& object,
                     const ManifestObjects& objects, ComposeService& service);

}  // namespace mailstate
