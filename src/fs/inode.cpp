// SPDX-License-Identifier: MIT
#include "fs/inode.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

#include "posix/open.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {

namespace {

std::string proc_path(int fd)
{
    return "/proc/self/fd/" + std::to_string(fd);
}

// fchmodat2(2), number 452 on every architecture but alpha, came with Linux 6.6; the headers of the day lack it.
int call_fchmodat2(int fd, mode_t mode)
{
    constexpr long number = 452;
    if (is_absent(SystemCall::fchmodat2)) return -1;
    return static_cast<int>(::syscall(number, fd, "", mode, AT_EMPTY_PATH));
}

// Object stores in user space upload a file when it is closed, and tell only then that it failed. To close a duplicate
// flushes as closing the last descriptor does (fs/open.c, filp_flush), and the file can still be removed if it failed.
// Linux frees a number whatever close says.
Result<> flush_fd(int fd, const std::string& subject)
{
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): fcntl(2) has no other interface
    const int duplicate = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (duplicate == -1) return fail(system_error("fcntl", subject));
    if (::close(duplicate) == -1) return fail(system_error("close", subject));
    return {};
}

}  // namespace

Result<Fd> open_inode(const Name& name)
{
    const auto text = TRY(checked_name("openat2", at_of(name.at), name.name));
    constexpr int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    if (has_openat2()) {
        // No RESOLVE_NO_SYMLINKS: O_PATH | O_NOFOLLOW opens a link itself, and one name has no links before it.
        Fd fd(open_resolved(fd_of(name.at), text.c_str(), flags, RESOLVE_BENEATH | RESOLVE_NO_XDEV));
        if (!fd) return fail(system_error("openat2", name.path()));
        return fd;
    }
    Fd fd(retry([&] { return ::openat(fd_of(name.at), text.c_str(), flags); }));
    if (!fd) return fail(system_error("openat", name.path()));
    TRY(refuse_other_mount(at_of(name.at), name.name, fd.get()));
    return fd;
}

Result<Fd> create_file(const Name& name, int access, Mode mode)
{
    const auto text = TRY(checked_name("openat", at_of(name.at), name.name));
    const int flags = access | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Fd fd(retry([&] { return ::openat(fd_of(name.at), text.c_str(), flags, mode.bits); }));
    if (!fd) return fail(system_error("openat", name.path()));
    return fd;
}

void unlink_if_ours(const Name& name, int fd)
{
    const auto ours = stat_fd(fd, {});
    const auto there = stat_at(at_of(name.at), name.name);
    if (!ours || !there || !same_inode(*ours, *there)) return;
    // What cannot be removed stays: the failure that led here is the one to tell.
    (void)::unlinkat(fd_of(name.at), std::string(name.name).c_str(), 0);
}

Result<> sync_fd(int fd, const std::string& subject)
{
    if (retry([&] { return ::fsync(fd); }) == -1) return fail(system_error("fsync", subject));
    return flush_fd(fd, subject);
}

Result<> change_owner(int fd, Owner owner, const std::string& subject)
{
    const auto uid = static_cast<uid_t>(owner.uid);
    const auto gid = static_cast<gid_t>(owner.gid);
    constexpr int flags = AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW;
    if (retry([&] { return ::fchownat(fd, "", uid, gid, flags); }) == 0) return {};
    return fail(system_error("fchownat", subject));
}

Result<> change_mode(int fd, Mode mode, const std::string& subject)
{
    if (call_fchmodat2(fd, mode.bits) == 0) return {};
    // Where the call is absent.
    const auto path = proc_path(fd);
    if (retry([&] { return ::chmod(path.c_str(), mode.bits); }) == 0) return {};
    return fail(system_error("chmod", subject));
}

Result<> change_times(int fd, const Attributes& times, const std::string& subject)
{
    const auto spec = [](const Timestamp& time) { return timespec{time.seconds, static_cast<long>(time.nanoseconds)}; };
    const std::array<timespec, 2> both{spec(times.atime), spec(times.mtime)};
    // AT_EMPTY_PATH is known to utimensat since Linux 5.8.
    if (retry([&] { return ::utimensat(fd, "", both.data(), AT_EMPTY_PATH); }) == 0) return {};
    const auto path = proc_path(fd);
    if (retry([&] { return ::utimensat(AT_FDCWD, path.c_str(), both.data(), 0); }) == 0) return {};
    return fail(system_error("utimensat", subject));
}

}  // namespace mailstate
