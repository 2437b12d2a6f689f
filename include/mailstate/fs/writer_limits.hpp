// SPDX-License-Identifier: MIT
// What a writer does without, though the kernel may allow it: a rehearsal on a clone must not do what the real run
// cannot.
#pragma once

namespace mailstate {

struct WriterLimits {
    bool shares_data = true;            // FICLONE and copy_file_range(2), which are refused between two filesystems
    bool exchanges_directories = true;  // in an overlay's lower layer RENAME_EXCHANGE of a directory is EXDEV
};

}  // namespace mailstate
