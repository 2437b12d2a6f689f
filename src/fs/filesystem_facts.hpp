// SPDX-License-Identifier: MIT
// What kind of filesystem something is on.
#pragma once

#include "mailstate/fs/reader.hpp"

struct statfs;

namespace mailstate {

// By mountinfo's name: "nfs4", "fuse.sshfs".
FilesystemClass class_of_type(std::string_view type);

// mountinfo's name for the magic number of statfs(2); "0x12345678" for one that is not known.
std::string type_of_magic(std::uint64_t magic);

// May what SEEK_DATA calls a hole be taken for one, without reading it?
bool tells_true_holes(const struct statfs& found);

// The mount is the line of the table, null where it has none.
FilesystemFacts facts_from(const struct statfs& found, const Mount* mount);

}  // namespace mailstate
