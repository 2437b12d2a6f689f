// SPDX-License-Identifier: MIT
#include "fs/volume_clock.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "fs/inode.hpp"

namespace mailstate {

namespace {

std::string temporary_name()
{
    std::uint64_t random = 0;
    // O_EXCL guards against a name that is taken, so a number that is none (no entropy at boot) does no harm.
    (void)!::getrandom(&random, sizeof random, GRND_NONBLOCK);
    return ".clock." + std::to_string(::getpid()) + "." + std::to_string(random);
}

// From the server: NFS answers from its cache otherwise.
Result<Timestamp> change_time(int fd, const Name& name)
{
    struct statx found {};
    constexpr int flags = AT_EMPTY_PATH | AT_STATX_FORCE_SYNC;
    if (retry([&] { return ::statx(fd, "", flags, STATX_CTIME, &found); }) == -1) {
        return fail(system_error("statx", name.text()));
    }
    return Timestamp{found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec};
}

// Touches the file until its ctime has moved on. What is returned is the time before: whatever changes from now on gets
// the later one, or a later one still.
Result<Timestamp> watch(int fd, const Name& name)
{
    const Timestamp first = TRY(change_time(fd, name));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    while (std::chrono::steady_clock::now() < end) {
        if (retry([&] { return ::futimens(fd, nullptr); }) == -1) return fail(system_error("futimens", name.text()));
        if (TRY(change_time(fd, name)) > first) return first;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return fail({ETIMEDOUT, "futimens", name.text(), "the filesystem's clock stood still for three seconds", {}});
}

}  // namespace

Result<Timestamp> volume_clock(const DirectoryRef& at)
{
    const std::string text = temporary_name();
    const Name name{at_of(at), text};
    const Fd fd = TRY(create_file(name));
    auto seen = watch(fd.get(), name);
    unlink_if_ours(name, fd.get());
    return seen;
}

}  // namespace mailstate
