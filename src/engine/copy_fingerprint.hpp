// SPDX-License-Identifier: MIT
// The fingerprint of an adopted mount's copy: has anybody but mailstate written in it?
#pragma once

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// Of names, kinds, sizes and the times of files. Owners and modes do not count: mailstate translates the first, and
// Kubernetes (fsGroup) changes both at each start. Nor do the times of directories, which any look with a scratch file
// moves on. Sockets are not copied, so they do not count either.
Result<std::string> copy_fingerprint(const World& world, const Name& item);

}  // namespace mailstate
