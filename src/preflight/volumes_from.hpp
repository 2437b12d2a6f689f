// SPDX-License-Identifier: MIT
// Volumes that a service takes from another one.
#pragma once

#include "preflight/compose.hpp"

namespace mailstate {

// Adds their mounts. What another container has is said in the service's `mounts_missing` and in `not_followed`; a
// service that is not there is a problem.
void follow_volumes_from(Compose& compose);

}  // namespace mailstate
