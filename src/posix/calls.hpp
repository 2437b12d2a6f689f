// SPDX-License-Identifier: MIT
// Thin wrappers of the system calls that both halves of the seam use. All are relative to a descriptor, take one name
// (EINVAL for "", ".", ".." and whatever holds a slash or a NUL), follow no link, retry EINTR and open with O_CLOEXEC.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>

#include "mailstate/base/result.hpp"
#include "mailstate/base/tree_path.hpp"
#include "mailstate/base/types.hpp"
#include "posix/fd.hpp"

namespace mailstate {

// Calls again while a signal interrupts: retry([&] { return ::fsync(fd); }).
template <class Call>
auto retry(Call call)
{
    for (;;) {
        const auto result = call();
        if (result != -1 || errno != EINTR) return result;
    }
}

// An open directory and where it stands; the path is spelled out only when something fails.
struct At {
    int fd;
    const TreePath& path;
};

// The name as the kernel wants it; EINVAL, with the call named, where it is no single component.
Result<std::string> checked_name(const char* call, const At& at, std::string_view name);

enum class MountPoints : bool { refuse, enter };

// O_RDONLY | O_DIRECTORY. A link is ELOOP or ENOTDIR, another kind ENOTDIR, a mount point EXDEV with refuse (a bind
// mount of the same filesystem too). Leaves the access time alone where it may.
Result<Fd> open_directory_at(const At& at, std::string_view name, MountPoints mount_points);

// The directory opened once more, with a file offset of its own.
Result<Fd> reopen_directory(const At& at);

// O_RDONLY. ESTALE where the name is no longer the regular file that was seen (device, inode and, where seen
// holds one, mount). Never blocks on a FIFO. Leaves the access time alone where it may.
// The second form hands out the attributes of the opened file, from the fstat that is done anyway.
Result<Fd> open_file_at(const At& at, std::string_view name, const Attributes& seen);
Result<Fd> open_file_at(const At& at, std::string_view name, const Attributes& seen, Attributes& opened);

// statx(2), or fstatat(2) where that is absent. Mounts nothing: AT_NO_AUTOMOUNT. Where the kernel does not tell the
// mount (before 5.8, and fstatat), mount_id is 0, but for a directory that is open.
Result<Attributes> stat_at(const At& at, std::string_view name);
// The same as the server has it now: first the directory, so that an NFS client looks the name up anew, then what it
// finds (AT_STATX_FORCE_SYNC).
Result<Attributes> stat_fresh(const At& at, std::string_view name);
Result<Attributes> stat_fd(int fd, const std::string& subject);
Result<Attributes> stat_fd_fresh(int fd, const std::string& subject);
Result<Attributes> stat_directory(const At& at);

// May names be made in it and removed from it? Asked of the kernel, who knows access control lists, capabilities and
// the owners that a user namespace has no number for. EACCES, EPERM where it is immutable, EROFS.
Result<> check_changeable_at(const At& at);

// From the current offset to the end; EFBIG where more than limit bytes follow.
Result<std::string> read_all(int fd, const std::string& subject, std::size_t limit);
Result<std::string> read_first(int fd, const std::string& subject, std::size_t bytes);  // at most, from the offset

// All of it, whatever short writes happen.
Result<> write_all(int fd, std::string_view bytes, const std::string& subject);

// The text of a link, whatever its length. EINVAL where the name is no link.
Result<std::string> read_link_at(const At& at, std::string_view name);

// A file of the running system, by its path and following links: for /proc. EFBIG above 16 MiB.
Result<std::string> read_system_file(const std::string& path);
// The text of a link below /proc: "/proc/self/fd/3".
Result<std::string> read_system_link(const std::string& path);

}  // namespace mailstate
