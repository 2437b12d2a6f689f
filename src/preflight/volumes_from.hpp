// SPDX-License-Identifier: MIT
// Volumes that a service takes from another one.
#pragma once

#include "preflight/compose.hpp"

namespace mailstate {

// Adds their mounts. Volumes of another container are reported in the service's `mounts_missing` and in `not_followed`;
// a service that does not exist is a problem.
void follow_volumes_from(Compose& compose);

}  // namespace mailstate
