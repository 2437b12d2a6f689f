// SPDX-License-Identifier: MIT
// Where on this machine the subject of a finding is.
#pragma once

#include <optional>
#include <string>

#include "preflight/evidence.hpp"
#include "preflight/finding_details.hpp"

namespace mailstate {

// A file as people find it: by way of the mounts, and relative where the operator named the project relatively.
std::string shown_file(const Evidence& evidence, const std::string& path);

// Of a file that a manifest or a compose file has the text of: where it is written there.
std::optional<Location> location_in_project(const Evidence& evidence, const std::string& subject);

// "compose.yaml:12" of a file that was read; "postfix-virtual.cf:3" of the configuration folder; a path of the
// container through its mounts. Nothing where the subject is not a file.
std::optional<Location> location_of(const std::vector<std::string>& files_read, const std::string& subject);
std::optional<Location> location_of(const Evidence& evidence, const std::string& subject);

}  // namespace mailstate
