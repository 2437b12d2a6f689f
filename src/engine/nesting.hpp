// SPDX-License-Identifier: MIT
// Which directory is inside which, by identity: links, bind mounts and roots of one's own make the text of a path tell
// nothing.
#pragma once

#include <string>
#include <vector>

#include "mailstate/fs/reader.hpp"
#include "mailstate/posix/mount_table.hpp"

namespace mailstate {

// A directory within its filesystem, whatever path leads to it: device and root of its mount (proc_pid_mountinfo(5)),
// and the way from there.
struct FilesystemPath {
    std::uint64_t device = 0;
    std::string path;
};

struct Whereabouts {
    std::vector<Attributes> above;          // itself, then what it is in, up to the root
    std::vector<FilesystemPath> positions;  // itself, then what is mounted below it
};

Result<Whereabouts> whereabouts(const Reader& reader, const MountTable& mounts, const DirectoryRef& directory);

// Is it in there, or the same?
bool is_inside(const Whereabouts& inner, const Whereabouts& outer);

}  // namespace mailstate
