// SPDX-License-Identifier: MIT
// Does a name still hold what the proof is of? Asked right before the call that destroys it.
#pragma once

#include "fs/inode.hpp"
#include "mailstate/fs/proof.hpp"

namespace mailstate {

// ESTALE where the name is another inode, EBUSY where something was written to it, EINVAL where the proof is of an
// empty directory only.
Result<> check_proof(const Name& name, const Proof& proof);

}  // namespace mailstate
