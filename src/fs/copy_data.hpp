// SPDX-License-Identifier: MIT
// The bytes of one regular file into another, empty one: cloned, copied by the kernel, or read and written.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "fs/inode.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

// What the kernel may do for us; false once it refused in a way that holds for every file.
struct DataMethods {
    std::atomic<bool> clone{true};       // FICLONE
    std::atomic<bool> copy_range{true};  // copy_file_range(2)
};

struct DataCopy {
    int from, to;
    const Name &from_name, &to_name;                             // for errors
    const std::function<bool(std::uint64_t bytes)>& keep_going;  // told the bytes since it was asked last; may be empty
};

struct DataCopied {
    std::uint64_t end = 0;   // where the content ended; another number than the source's size if that is growing
    std::uint64_t data = 0;  // bytes without holes
};

// ECANCELED where keep_going says no. `expected` is what the source was like when it was last looked at.
Result<DataCopied> copy_data(const DataCopy& copy, const Attributes& expected, DataMethods& methods);

}  // namespace mailstate
