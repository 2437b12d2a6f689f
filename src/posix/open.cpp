// SPDX-License-Identifier: MIT
#include "posix/open.hpp"

#include <linux/openat2.h>
#include <sys/syscall.h>

#include "posix/calls.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {
namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr std::uint64_t one_name = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;

Result<Fd> open_directory_by_hand(const At& at, std::string_view name, const char* text, MountPoints mount_points)
{
    Fd opened(open_without_atime(directory_flags | O_NOFOLLOW,
                                 [&](int flags) { return retry([&] { return ::openat(at.fd, text, flags); }); }));
    if (!opened) return fail(system_error("openat", at.path.text(name)));
    if (mount_points == MountPoints::refuse) TRY(refuse_other_mount(at, name, opened.get()));
    return opened;
}

Error with_subject(Error error, std::string subject)
{
    error.subject = std::move(subject);
    return error;
}

}  // namespace

bool has_openat2()
{
    return !is_absent(SystemCall::openat2);
}

Result<> refuse_other_mount(const At& at, std::string_view name, int opened)
{
    const auto above = TRY(stat_directory(at));
    const auto here = TRY(stat_directory({opened, at.path.child(name)}));
    if (above.mount_id == here.mount_id) return {};
    errno = EXDEV;
    return fail(system_error("openat", at.path.text(name)));
}

int open_resolved(int at, const char* path, int flags, std::uint64_t resolve)
{
    open_how how{};
    how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
    how.resolve = resolve;
    constexpr int attempts = 64;  // somebody may rename all day long
    for (int i = 1;; ++i) {
        const auto number = retry([&] { return ::syscall(SYS_openat2, at, path, &how, sizeof how); });
        if (number != -1 || errno != EAGAIN || i == attempts) return static_cast<int>(number);
    }
}

Result<Fd> open_directory_at(const At& at, std::string_view name, MountPoints mount_points)
{
    const auto text = TRY(checked_name("openat2", at, name));
    if (!has_openat2()) return open_directory_by_hand(at, name, text.c_str(), mount_points);
    const auto resolve = mount_points == MountPoints::refuse ? one_name | RESOLVE_NO_XDEV : one_name;
    Fd opened(open_without_atime(directory_flags | O_NOFOLLOW,
                                 [&](int flags) { return open_resolved(at.fd, text.c_str(), flags, resolve); }));
    if (!opened) return fail(system_error("openat2", at.path.text(name)));
    return opened;
}

Result<Fd> reopen_directory(const At& at)
{
    Fd opened(open_without_atime(directory_flags,
                                 [&](int flags) { return retry([&] { return ::openat(at.fd, ".", flags); }); }));
    if (!opened) return fail(system_error("openat", at.path.text()));
    return opened;
}

Result<Fd> open_file_at(const At& at, std::string_view name, const Attributes& seen, Attributes& opened)
{
    const auto text = TRY(checked_name("openat", at, name));
    Fd file(open_without_atime(O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
                               [&](int flags) { return retry([&] { return ::openat(at.fd, text.c_str(), flags); }); }));
    if (!file) {
        // A link, or a socket, stands there now.
        if (errno == ELOOP || errno == ENXIO) errno = ESTALE;
        return fail(system_error("openat", at.path.text(name)));
    }
    auto found = stat_fd(file.get(), {});  // the path is spelled out on failure only
    if (!found) return fail(with_subject(found.error(), at.path.text(name)));
    opened = *found;
    const bool same_mount = seen.mount_id == 0 || seen.mount_id == opened.mount_id;
    if (opened.kind == Kind::regular && same_inode(seen, opened) && same_mount) return file;
    errno = ESTALE;
    return fail(system_error("openat", at.path.text(name)));
}

Result<Fd> open_file_at(const At& at, std::string_view name, const Attributes& seen)
{
    Attributes opened;
    return open_file_at(at, name, seen, opened);
}

Result<Fd> open_in_root(int root, const std::string& path)
{
    if (!has_openat2()) return open_in_root_by_hand(root, path);
    Fd opened(open_without_atime(directory_flags, [&](int flags) {
        return open_resolved(root, path.c_str(), flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }));
    if (!opened) return fail(system_error("openat2", path));
    return opened;
}

}  // namespace mailstate
