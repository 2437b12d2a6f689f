// SPDX-License-Identifier: MIT
#include "app/files/draft.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <thread>
#include <utility>

#include "posix/calls.hpp"

namespace mailstate {

namespace {

constexpr const char* draft_ending = ".mailstate-new";
constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds pause{5};

Result<Fd> open_draft(const std::string& path, int flags)
{
    constexpr int always = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the mode is part of open(2)'s interface
    Fd fd(retry([&] { return ::open(path.c_str(), flags | always, 0600); }));
    if (!fd) return fail(system_error("open", path));
    return fd;
}

enum class DraftLock { ours, held, none };  // none: the filesystem has no locks

// Takes the lock where it is free.
DraftLock lock(const Fd& fd)
{
    if (retry([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) == 0) return DraftLock::ours;
    return errno == EWOULDBLOCK ? DraftLock::held : DraftLock::none;
}

// Where there are no locks, what nobody has written to for that long is a leftover.
bool is_old(const Fd& fd)
{
    struct stat seen {};
    return ::fstat(fd.get(), &seen) == 0 && std::time(nullptr) - seen.st_mtime > patience.count();
}

// Does the name still lead to what is open?
bool stands(const Fd& fd, const std::string& path)
{
    struct stat opened {
    }, there{};
    return ::fstat(fd.get(), &opened) == 0 && ::lstat(path.c_str(), &there) == 0 && opened.st_dev == there.st_dev &&
           opened.st_ino == there.st_ino;
}

// Who removes a leftover holds its lock, and so does who writes: neither takes the other's away.
Result<> remove_leftover(const std::string& path)
{
    const Result<Fd> left = open_draft(path, O_RDWR);
    if (!left && left.error().number == ENOENT) return {};
    if (!left && left.error().number != ELOOP) return fail(left.error());  // a link goes itself
    if (left) {
        const DraftLock locked = lock(*left);
        if (locked == DraftLock::held || (locked == DraftLock::none && !is_old(*left)) || !stands(*left, path))
            return {};
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fail(system_error("unlink", path));
    return {};
}

// No descriptor: another process is writing it, or was a moment ago.
Result<Fd> try_to_make(const std::string& path)
{
    Result<Fd> made = open_draft(path, O_WRONLY | O_CREAT | O_EXCL);
    if (made && lock(*made) != DraftLock::held && stands(*made, path)) return made;
    if (made) return Fd();
    if (made.error().number != EEXIST) return made;
    TRY(remove_leftover(path));
    return Fd();
}

}  // namespace

Result<Draft> Draft::make(const std::string& path)
{
    std::string name = path + draft_ending;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        Fd fd = TRY(try_to_make(name));
        if (fd) return Draft(std::move(fd), std::move(name));
        if (std::chrono::steady_clock::now() > deadline)
            return fail(Error{EBUSY, "open", name, "another process is writing it", "Give each run a different file."});
        std::this_thread::sleep_for(pause);
    }
}

Draft::Draft(Draft&& other) noexcept : fd_(std::move(other.fd_)), name_(std::exchange(other.name_, {})) {}

Draft::~Draft()
{
    // What stays, the next draft replaces.
    if (!name_.empty() && stands(fd_, name_)) (void)::unlink(name_.c_str());
}

Result<> Draft::publish(const std::string& path)
{
    if (!stands(fd_, name_)) return fail(Error{EBUSY, "rename", name_, "another process has replaced it", ""});
    if (::rename(name_.c_str(), path.c_str()) != 0) return fail(system_error("rename", path));
    name_.clear();
    return {};
}

}  // namespace mailstate
