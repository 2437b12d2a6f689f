// SPDX-License-Identifier: MIT
// The words for what a survey saw.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/model/survey.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

std::string_view name_of(OriginState state);       // "directory", "link-home", "mount-point", …
std::string_view name_of(DestinationState state);  // "absent", "populated", …
std::string_view name_of(VolumeState state);

// The capabilities of the process that this program's work can need, of those it has: "chown", "fsetid", …
std::vector<std::string> capabilities_of(const ProcessFacts& process);
// The same, of those it lacks.
std::vector<std::string> missing_capabilities_of(const ProcessFacts& process);

}  // namespace mailstate
