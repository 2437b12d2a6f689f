// SPDX-License-Identifier: MIT
#include "fs/volume_clock.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "fs/inode.hpp"
#include "fs/small_file.hpp"

namespace mailstate {

namespace {

// The same every time, so that a kill leaves one file and not a pile; of the form that the engine knows as staging, in
// its own folder and in a destination that is a mount of its own.
constexpr const char* temporary_name = ".mailstate-staging.clock.0000000000000000";

// From the server: NFS answers from its cache otherwise.
Result<Timestamp> change_time(int fd, const Name& name)
{
    return TRY(stat_fd_fresh(fd, name.path())).ctime;
}

// Touches the file until its ctime has moved on. What is returned is the time before: whatever changes from now on gets
// the later one, or a later one still.
Result<Timestamp> watch(int fd, const Name& name)
{
    const Timestamp first = TRY(change_time(fd, name));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (std::chrono::steady_clock::now() < end) {
        if (retry([&] { return ::futimens(fd, nullptr); }) == -1) return fail(system_error("futimens", name.path()));
        if (TRY(change_time(fd, name)) > first) return first;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return fail({ETIMEDOUT, "futimens", name.path(), "the filesystem's clock stood still for three seconds", {}});
}

}  // namespace

Result<Timestamp> volume_clock(const DirectoryRef& at)
{
    const Name name{at, temporary_name};
    // Without a name where the filesystem can do that, so that a kill leaves nothing. NFS and FUSE cannot.
    const Fd nameless(retry([&] { return ::openat(fd_of(name.at), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); }));
    if (nameless) return watch(nameless.get(), name);
    const bool unknown = errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT || errno == EINVAL;
    if (!unknown) return fail(system_error("openat", at->path().text(".")));
    TRY(remove_leftover(name));
    const Fd fd = TRY(create_file(name));
    auto seen = watch(fd.get(), name);
    unlink_if_ours(name, fd.get());
    return seen;
}

}  // namespace mailstate
