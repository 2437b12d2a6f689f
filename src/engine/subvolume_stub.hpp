// SPDX-License-Identifier: MIT
#pragma once

#include "mailstate/fs/reader.hpp"

namespace mailstate {

// In a snapshot, btrfs shows a subvolume that was in the original as an empty directory, whose times are always now
// (inode 2, BTRFS_EMPTY_SUBVOL_DIR_OBJECTID in linux/btrfs_tree.h). at: the directory that it was seen in.
bool is_subvolume_stub(const Reader& reader, const DirectoryRef& at, const Attributes& seen);

}  // namespace mailstate
