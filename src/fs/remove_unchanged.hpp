// SPDX-License-Identifier: MIT
// Removing a file that somebody may be writing; the contract is Writer::remove_unchanged's.
#pragma once

#include "fs/copy_data.hpp"

namespace mailstate {

Result<> remove_unchanged(const Name& item, const Attributes& seen, DataMethods& methods);

}  // namespace mailstate
