// SPDX-License-Identifier: MIT
// Kubernetes manifests, as helm template and kubectl get -o yaml print them, in the form of a compose project: a
// container is a service, its volume mounts are mounts, a ConfigMap's keys are files or variables.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "preflight/compose.hpp"
#include "preflight/yaml_tree.hpp"

namespace mailstate {

struct ManifestText {
    std::string shown, text;
};

// Accepts any bytes; a document that cannot be read is a finding in `problems`. Of a Secret only the name is read. A
// values file of a chart is not judged, and reported in `not_followed`.
Compose parse_manifests(const std::vector<ManifestText>& texts);

bool is_manifest(std::string_view text);  // has an apiVersion and a kind, or is a values file of the chart

}  // namespace mailstate
