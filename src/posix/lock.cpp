// SPDX-License-Identifier: MIT
#include "posix/lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "mailstate/base/text.hpp"
#include "mailstate/posix/lock_state.hpp"
#include "posix/holder_text.hpp"

namespace mailstate {

namespace {

using Clock = std::chrono::steady_clock;
constexpr const char* file_name = "lock";

// The file is emptied while the lock is still held, so that nobody's name is wiped but ours.
class FileLock final : public Lock {
public:
    explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
    // A name that stays is an untidiness: the lock goes with the descriptor.
    ~FileLock() override { (void)!::ftruncate(fd_.get(), 0); }

private:
    Fd fd_;
};

// Where the filesystem has no locks.
class NoLock final : public Lock {};

enum class Outcome { taken, held, unsupported };

Result<Fd> open_lock_file(const At& at)
{
    // Read-write: NFSv4 refuses an exclusive lock on a descriptor that cannot write.
    constexpr int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    Fd fd(retry([&] { return ::openat(at.fd, file_name, flags, 0600); }));
    if (!fd) return fail(system_error("openat", at.path.text(file_name)));
    const Attributes found = TRY(stat_fd(fd.get(), at.path.text(file_name)));
    if (found.kind == Kind::regular) return fd;
    return fail({EINVAL, "openat", at.path.text(file_name), "is not a regular file", {}});
}

int call_set_lock(int fd)
{
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return retry([&] { return ::fcntl(fd, F_OFD_SETLK, &whole); }) == -1 ? errno : 0;
}

// Of a filesystem without locks.
bool is_unsupported(int number)
{
    return number == ENOLCK || number == EOPNOTSUPP || number == ENOSYS || number == EINVAL;
}

Result<Outcome> try_lock(const At& at, int fd, const LockPace& pace)
{
    const int number = pace.set_lock ? pace.set_lock(fd) : call_set_lock(fd);
    if (number == EAGAIN || number == EACCES) return Outcome::held;
    if (is_unsupported(number)) return Outcome::unsupported;
    if (number != 0) return fail({number, "fcntl", at.path.text(file_name), {}, {}});
    // Somebody may have removed the file since it was opened: then the next one locks another.
    const auto there = stat_at(at, file_name);
    const Attributes ours = TRY(stat_fd(fd, at.path.text(file_name)));
    return there && same_inode(ours, *there) ? Outcome::taken : Outcome::held;
}

std::string& command_of_holder()
{
    static std::string command;
    return command;
}

// A courtesy to those who wait: a full volume does not keep anybody from the lock.
void write_holder(int fd)
{
    const std::string line = to_line(this_holder(), command_of_holder());
    (void)!::ftruncate(fd, 0);
    (void)!::pwrite(fd, line.data(), line.size(), 0);
}

std::string read_holder(int fd)
{
    std::string text(4096, '\0');
    const auto count = retry([&] { return ::pread(fd, text.data(), text.size(), 0); });
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
}

}  // namespace

LockState lock_state(const std::string& directory)
{
    const Fd opened(retry([&] { return ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC); }));
    if (!opened) return errno == ENOENT ? LockState::free : LockState::unknown;
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const Fd file(retry([&] { return ::openat(opened.get(), file_name, flags); }));
    if (!file && errno != ENOENT) return LockState::unknown;
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    const int number = file && retry([&] { return ::fcntl(file.get(), F_OFD_GETLK, &whole); }) == -1 ? errno : 0;
    if (number != 0) return is_unsupported(number) ? LockState::free : LockState::unknown;
    return file && whole.l_type != F_UNLCK ? LockState::held : LockState::free;
}

std::optional<std::string> holder_at_work(const std::string& directory)
{
    if (lock_state(directory) != LockState::held) return std::nullopt;
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const Fd file(retry([&] { return ::open((directory + "/" + file_name).c_str(), flags); }));
    return describe_work(file ? read_holder(file.get()) : std::string(), utc_now());
}

void set_command_of_holder(std::string command)
{
    command_of_holder() = std::move(command);
}

Result<std::unique_ptr<Lock>> take_lock(const At& at, const LockWait& wait, const LockPace& pace)
{
    const auto deadline = Clock::now() + wait.at_most;
    for (;;) {
        Fd fd = TRY(open_lock_file(at));
        const Outcome outcome = TRY(try_lock(at, fd.get(), pace));
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (outcome == Outcome::unsupported) return std::unique_ptr<Lock>(std::make_unique<NoLock>());
        if (outcome == Outcome::taken) {
            write_holder(fd.get());
            return std::unique_ptr<Lock>(std::make_unique<FileLock>(std::move(fd)));
        }
        if (left.count() <= 0) return fail(held_by_another("fcntl", at.path.text(file_name), read_holder(fd.get())));
        if (wait.keep_waiting && !wait.keep_waiting()) return fail(no_longer_waiting("fcntl", at.path.text(file_name)));
        std::this_thread::sleep_for(std::min(left, pace.poll));
    }
}

}  // namespace mailstate
