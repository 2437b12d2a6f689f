// SPDX-License-Identifier: MIT
#include "app/files/files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "app/files/draft.hpp"
#include "app/log/terminal.hpp"
#include "fs/inode.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::size_t largest_file = 64U << 20U;
constexpr std::size_t chunk = 64U << 10U;

Result<Fd> open_path(const std::string& path, int flags)
{
    for (;;) {
        Fd fd(::open(path.c_str(), flags | O_CLOEXEC));  // NOLINT: open(2) has no other interface
        if (fd) return fd;
        if (errno != EINTR) return fail(system_error("open", path));
    }
}

// Made for its owner alone, and given its mode when it is whole; not by open(2), where the umask has a say.
Result<> fill(const Draft& draft, const std::string& content, Mode mode)
{
    TRY(write_all(draft.fd().get(), content));
    if (::fchmod(draft.fd().get(), mode.bits) != 0) return fail(system_error("fchmod", draft.name()));
    return sync_fd(draft.fd().get(), draft.name());
}

Result<> replace(const std::string& path, const std::string& content, Mode mode)
{
    Draft draft = TRY(Draft::make(path));
    TRY(fill(draft, content, mode));
    TRY(draft.publish(path));
    const std::string folder = Path(path).parent_path().string();
    const std::string where = folder.empty() ? "." : folder;
    const Fd directory = TRY(open_path(where, O_RDONLY | O_DIRECTORY));
    return sync_fd(directory.get(), where);
}

// Until there is something to read, or the last writer is gone. A pipe that nobody has opened yet has neither:
// read(2) without waiting would take that for its end. Asked now and then: a signal just before poll(2) would not end
// it.
Result<> await_input(const Fd& fd, const std::string& path, const Stop& stop)
{
    constexpr int moment = 100;  // milliseconds
    for (;;) {
        if (stop.requested())
            return fail(Error{ECANCELED, "read", path, "a signal ended the wait for its content", ""});
        struct pollfd wanted {
            fd.get(), POLLIN, 0
        };
        const int ready = ::poll(&wanted, 1, moment);
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return fail(system_error("poll", path));
    }
}

}  // namespace

Result<std::string> read_input_file(const std::string& path, const Stop& stop)
{
    const Fd fd = TRY(open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
    std::string content;
    std::array<char, chunk> buffer{};
    for (;;) {
        TRY(await_input(fd, path, stop));
        const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) return fail(system_error("read", path));
        if (count == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(count));
        if (content.size() > largest_file) {
            errno = EFBIG;
            return fail(system_error("read", path));
        }
    }
}

Result<> write_output_file(const std::string& path, const std::string& content, Mode mode)
{
    struct stat seen {};
    if (::lstat(path.c_str(), &seen) == 0 && !S_ISREG(seen.st_mode))
        return fail(text_error(path, "already exists and is not a regular file", "Name another file."));
    Result<> done = replace(path, content, mode);
    if (done) return done;
    Error error = done.error();
    error.subject = path;  // nobody knows the draft's name
    return fail(std::move(error));
}

std::optional<Finding> write_beside(FindingCode not_written, const std::string& path, const std::string& content,
                                    Mode mode)
{
    const Result<> written = write_output_file(path, content, mode);
    if (written) return std::nullopt;
    Error error = written.error();
    error.subject.clear();
    return make_finding(not_written, path, error);
}

}  // namespace mailstate
