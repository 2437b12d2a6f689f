// SPDX-License-Identifier: MIT
// Collects the evidence: from files that the operator names, or from the running container. Only reads.
#pragma once

#include "preflight/sources.hpp"

namespace mailstate {

// The compose project or the manifests that were named; nothing where none was. Error: it cannot be read.
Result<std::optional<Compose>> read_project_of(const Sources& sources);

// Error: a file that was named cannot be read. `project`: what read_project_of() said.
Result<Evidence> gather(const Sources& sources, std::optional<Compose> project);
Result<Evidence> gather(const Sources& sources);

}  // namespace mailstate
