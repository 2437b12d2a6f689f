// SPDX-License-Identifier: MIT
// Names that a storage puts into the root of a volume or a share: they are nobody's state. This is the one place that
// lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

// lost+found (ext4), .snapshot (NetApp), .snapshots (btrfs), .zfs, @eaDir and #recycle (Synology), .trashcan and
// .glusterfs (Gluster), .Trash-<uid> and .DS_Store (desktops).
// further: those of a layout.
bool is_storage_name(std::string_view name, const std::vector<std::string>& further);

// What those in the root of a tree are, when it is copied, compared or measured.
enum class StorageNames {
    content,  // of the tree, like any other name, unless the tree's root is a mount
    stay,     // where they are: they are not looked at
    extra,    // of a comparison: the copy may have some that the tree has not
};

// What a network or FUSE client calls a file that was removed while a process has it open: ".nfs" or ".fuse_hidden" and
// hexadecimal digits.
bool is_removed_but_open(std::string_view name);

}  // namespace mailstate
