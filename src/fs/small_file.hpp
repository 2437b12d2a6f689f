// SPDX-License-Identifier: MIT
// Files of our own on the volume: replaced whole, or grown by a line; synced before they count.
#pragma once

#include "fs/inode.hpp"

namespace mailstate {

// Makes a new file in a directory: as create_file, and without what a default ACL hands down.
Result<Fd> create_plain_file(const Name& item);

// What an earlier run left under a temporary name. Only a regular file can be ours; anything else stays, and the O_EXCL
// that follows says EEXIST.
Result<> remove_leftover(const Name& name);

Result<> make_file(const Name& item, std::string_view content, Mode mode);
Result<> replace_file(const Name& item, std::string_view content, Mode mode);
Result<> append_line(const Name& item, std::string_view line);

// fsync(2) of a directory.
Result<> sync_directory(const DirectoryRef& directory);

}  // namespace mailstate
