// SPDX-License-Identifier: MIT
// The attributes of one inode of any kind put onto another that was made before.
#pragma once

#include "fs/inode.hpp"
#include "fs/xattr.hpp"

namespace mailstate {

// ESTALE where the source is no longer what was seen. Both descriptors may be O_PATH, which the holders say.
Result<> copy_attributes(const AttributeHolder& from, const Attributes& seen, const AttributeHolder& to);

}  // namespace mailstate
