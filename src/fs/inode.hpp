// SPDX-License-Identifier: MIT
// An inode held by a descriptor: what the writing half opens, names in its errors, and changes without a second lookup.
#pragma once

#include <fcntl.h>

#include <string>
#include <string_view>

#include "fs/posix_directory.hpp"
#include "mailstate/base/result.hpp"
#include "posix/calls.hpp"

namespace mailstate {

inline At at_of(const DirectoryRef& directory)
{
    return {fd_of(directory), directory->path()};
}

// O_PATH: opens nothing but the inode itself, of any kind, a link too. EXDEV where the name is a mount point.
Result<Fd> open_inode(const Name& name);

// A new, empty regular file. access: O_RDWR or O_WRONLY. Of the mode only what the owner may do counts: the umask takes
// the rest. EEXIST where the name is taken.
Result<Fd> create_file(const Name& name, int access = O_RDWR, Mode mode = Mode{0600});

// Unlinks the name if it still is the file that this descriptor holds; what somebody else put there stays.
void unlink_if_ours(const Name& name, int fd);

// fsync(2), and what close(2) would say: both tell of what did not arrive. The file stays open.
Result<> sync_fd(int fd, const std::string& subject);

// The changes to an inode. The descriptor may be O_PATH, where fchown, fchmod and futimens are EBADF.
Result<> change_owner(int fd, Owner owner, const std::string& subject);
Result<> change_mode(int fd, Mode mode, const std::string& subject);
Result<> change_times(int fd, const Attributes& times, const std::string& subject);

}  // namespace mailstate
