// SPDX-License-Identifier: MIT
// One regular file copied whole: content, holes, attributes, owner, mode, times; the contract is Writer::copy_file's.
#pragma once

#include "fs/copy_data.hpp"

namespace mailstate {

struct FileCopy {
    const Name &from, &to;
    Durable durable;
    const std::function<bool(std::uint64_t bytes)>& keep_going;
};

Result<Copied> copy_file(const FileCopy& copy, const Attributes& seen, DataMethods& methods);

// The same of a source that is open and may have no name any more. On failure what was copied stays.
Result<> copy_opened(const FileCopy& copy, int source, const Attributes& seen, DataMethods& methods);

}  // namespace mailstate
