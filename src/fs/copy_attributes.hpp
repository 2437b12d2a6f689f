// SPDX-License-Identifier: MIT
// The attributes of one inode of any kind put onto another that was made before.
#pragma once

#include <optional>

#include "fs/inode.hpp"
#include "fs/xattr.hpp"

namespace mailstate {

// ESTALE where the source is no longer what was seen. Both descriptors may be O_PATH, which the holders say.
// acting_as: who works here as another user, who cannot give a file away; the owner is left then.
Result<> copy_attributes(const AttributeHolder& from, const Attributes& seen, const AttributeHolder& to,
                         const std::optional<Owner>& acting_as);

}  // namespace mailstate
