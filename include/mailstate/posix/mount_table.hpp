// SPDX-License-Identifier: MIT
// The mount table of this process: proc_pid_mountinfo(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/result.hpp"
#include "mailstate/base/types.hpp"

namespace mailstate {

struct Mount {  // one line of /proc/self/mountinfo
    int id = 0, parent = 0;
    std::uint64_t device = 0;
    std::string subtree;      // "/" unless a bind mount of a part
    std::string mount_point;  // any bytes; octal escapes are undone
    std::string fs_type;      // "ext4", "nfs4", "fuse.bindfs"
    std::string source;       // "/dev/sda1", "server:/export"
    std::string options;      // the mount's own and the superblock's, comma separated
    bool read_only = false;   // either of the two is read-only
    bool nosuid = false;
};

class MountTable {
public:
    MountTable() = default;
    explicit MountTable(std::vector<Mount> mounts) : mounts_(std::move(mounts)) {}

    // The mount that a lookup of this absolute, normalised path ends on. Follows the parents' ids as the kernel does,
    // so that a mount hidden under a later one is not found. Null where the table holds none.
    [[nodiscard]] const Mount* covering(std::string_view path) const;
    // The mount whose mount point is this path and that is visible there; null where it is not a mount point.
    [[nodiscard]] const Mount* at(std::string_view path) const;
    // Visible mounts strictly below the path, by mount point.
    [[nodiscard]] std::vector<const Mount*> below(std::string_view path) const;
    [[nodiscard]] const std::vector<Mount>& all() const { return mounts_; }

    // The table as seen by a process whose root is this directory: mounts outside are dropped (but for the one that
    // covers the root, which becomes "/"), mount points lose the prefix.
    [[nodiscard]] MountTable inside(std::string_view root) const;

private:
    std::vector<Mount> mounts_;
};

// Error: text_error with "mountinfo:LINE" as subject.
Result<MountTable> parse_mountinfo(std::string_view text);

}  // namespace mailstate
