// SPDX-License-Identifier: MIT
// The volumes of a pod.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "preflight/compose.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

struct ManifestObjects {  // of one namespace, by name; they point into the documents, which must live as long
    std::string name_space;
    std::map<std::string, const YamlNode*, std::less<>> config_maps, claims, volumes;
};

std::string namespace_of(const YamlNode& object);  // empty: it has none, and takes that of the command

// What an object of the namespace can name. An object without one may be of any.
ManifestObjects objects_in(const std::string& name_space, const std::vector<YamlNode>& objects);

void read_pod_mounts(const YamlNode& container, const YamlNode& pod, const YamlNode& object,
                     const ManifestObjects& objects, ComposeService& service);

}  // namespace mailstate
