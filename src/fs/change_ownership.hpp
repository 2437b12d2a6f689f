// SPDX-License-Identifier: MIT
// Owner and mode of one inode, changed where they differ and read back; the contract is Writer::change_ownership's.
#pragma once

#include "fs/inode.hpp"

namespace mailstate {

Result<Attributes> change_ownership(const Name& name, const Attributes& seen, Owner owner, Mode mode);

// The contract is Writer::change_settled_owner's.
Result<> change_settled_owner(const Name& name, const Attributes& seen, Owner owner);

// On a descriptor that is held already, O_PATH or not.
Result<Attributes> change_ownership(int fd, const std::string& subject, const Attributes& seen, Owner owner, Mode mode);

}  // namespace mailstate
