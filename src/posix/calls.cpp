// SPDX-License-Identifier: MIT
#include "posix/calls.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <climits>

#include "posix/system_calls.hpp"

namespace mailstate {
namespace {

constexpr std::size_t system_file_limit = std::size_t{16} << 20U;

Kind kind_of(unsigned mode)
{
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return Kind::directory;
        case S_IFLNK:
            return Kind::symlink;
        case S_IFIFO:
            return Kind::fifo;
        case S_IFSOCK:
            return Kind::socket;
        case S_IFCHR:
            return Kind::char_device;
        case S_IFBLK:
            return Kind::block_device;
        default:
            return Kind::regular;
    }
}

Timestamp time_of(const struct statx_timestamp& time)
{
    return {time.tv_sec, time.tv_nsec};
}

Attributes attributes_of(const struct statx& found)
{
    Attributes attributes;
    attributes.kind = kind_of(found.stx_mode);
    attributes.mode = {found.stx_mode & 07777U};
    attributes.owner = {Uid{found.stx_uid}, Gid{found.stx_gid}};
    attributes.size = found.stx_size;
    attributes.blocks = found.stx_blocks;
    attributes.inode = found.stx_ino;
    attributes.device = makedev(found.stx_dev_major, found.stx_dev_minor);
    attributes.rdev = makedev(found.stx_rdev_major, found.stx_rdev_minor);
    attributes.mount_id = (found.stx_mask & STATX_MNT_ID) != 0 ? found.stx_mnt_id : 0;
    attributes.links = found.stx_nlink;
    attributes.mount_root = (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    attributes.append_only = (found.stx_attributes & STATX_ATTR_APPEND) != 0;
    attributes.immutable = (found.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0;
    attributes.atime = time_of(found.stx_atime);
    attributes.mtime = time_of(found.stx_mtime);
    attributes.ctime = time_of(found.stx_ctime);
    return attributes;
}

// What fstatat(2) tells of it: everything but mounts and chattr's attributes.
void fill(struct statx& found, const struct stat& seen)
{
    const auto time = [](const timespec& from, statx_timestamp& to) {
        to.tv_sec = from.tv_sec;
        to.tv_nsec = static_cast<std::uint32_t>(from.tv_nsec);
    };
    found.stx_mask = STATX_BASIC_STATS;
    found.stx_mode = static_cast<std::uint16_t>(seen.st_mode);
    found.stx_uid = seen.st_uid;
    found.stx_gid = seen.st_gid;
    found.stx_size = static_cast<std::uint64_t>(seen.st_size);
    found.stx_blocks = static_cast<std::uint64_t>(seen.st_blocks);
    found.stx_ino = seen.st_ino;
    found.stx_nlink = static_cast<std::uint32_t>(seen.st_nlink);
    found.stx_dev_major = major(seen.st_dev);
    found.stx_dev_minor = minor(seen.st_dev);
    found.stx_rdev_major = major(seen.st_rdev);
    found.stx_rdev_minor = minor(seen.st_rdev);
    time(seen.st_atim, found.stx_atime);
    time(seen.st_mtim, found.stx_mtime);
    time(seen.st_ctim, found.stx_ctime);
}

int call_fstatat(int fd, const char* name, struct statx& found)
{
    struct stat seen {};
    constexpr int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
    const int result = retry([&] { return ::fstatat(fd, name, &seen, flags); });
    if (result == 0) fill(found, seen);
    return result;
}

int call_statx(int fd, const char* name, struct statx& found, int more_flags = 0)
{
    if (is_absent(SystemCall::statx)) return call_fstatat(fd, name, found);
    const int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT | more_flags;
    return retry([&] { return ::statx(fd, name, flags, STATX_BASIC_STATS | STATX_MNT_ID, &found); });
}

// Kernels before 5.8 tell the mount of what is open only, and only there. Source: proc_pid_fdinfo(5).
Result<std::uint64_t> mount_from_fdinfo(const At& at)
{
    const auto info = TRY(read_system_file("/proc/self/fdinfo/" + std::to_string(at.fd)));
    constexpr std::string_view key = "mnt_id:";
    const auto begin = info.find(key);
    if (begin == std::string::npos)
        return fail({ENOSYS, "statx", at.path.text(), "the kernel does not tell mounts apart", {}});
    return std::strtoull(info.c_str() + begin + key.size(), nullptr, 10);
}

// readlinkat(2) cuts a text that does not fit, without a word: a full buffer may be a cut one.
Result<std::string> read_whole_link(int at, const char* name, const std::string& subject)
{
    for (std::string text(PATH_MAX, '\0');; text.resize(text.size() * 2)) {
        const auto length = ::readlinkat(at, name, text.data(), text.size());
        if (length == -1) return fail(system_error("readlink", subject));
        if (static_cast<std::size_t>(length) == text.size()) continue;
        text.resize(static_cast<std::size_t>(length));
        return text;
    }
}

}  // namespace

Result<std::string> checked_name(const char* call, const At& at, std::string_view name)
{
    constexpr std::string_view forbidden("/\0", 2);
    if (!name.empty() && name != "." && name != ".." && name.find_first_of(forbidden) == std::string_view::npos)
        return std::string(name);
    return fail({EINVAL, call, at.path.text(name), "this is not a name in a directory", {}});
}

Result<Attributes> stat_at(const At& at, std::string_view name)
{
    const auto text = TRY(checked_name("statx", at, name));
    struct statx found {};
    if (call_statx(at.fd, text.c_str(), found) == -1) return fail(system_error("statx", at.path.text(name)));
    return attributes_of(found);
}

Result<Attributes> stat_fresh(const At& at, std::string_view name)
{
    const auto text = TRY(checked_name("statx", at, name));
    struct statx found {};
    if (call_statx(at.fd, "", found, AT_STATX_FORCE_SYNC) == -1) return fail(system_error("statx", at.path.text()));
    if (call_statx(at.fd, text.c_str(), found, AT_STATX_FORCE_SYNC) == -1)
        return fail(system_error("statx", at.path.text(name)));
    return attributes_of(found);
}

Result<Attributes> stat_fd(int fd, const std::string& subject)
{
    struct statx found {};
    if (call_statx(fd, "", found) == -1) return fail(system_error("statx", subject));
    return attributes_of(found);
}

Result<Attributes> stat_fd_fresh(int fd, const std::string& subject)
{
    struct statx found {};
    if (call_statx(fd, "", found, AT_STATX_FORCE_SYNC) == -1) return fail(system_error("statx", subject));
    return attributes_of(found);
}

Result<Attributes> stat_directory(const At& at)
{
    struct statx found {};
    if (call_statx(at.fd, "", found) == -1) return fail(system_error("statx", at.path.text()));
    Attributes attributes = attributes_of(found);
    if (attributes.mount_id == 0) attributes.mount_id = TRY(mount_from_fdinfo(at));
    return attributes;
}

Result<> check_changeable_at(const At& at)
{
    // Not faccessat2(2): older engines' seccomp profiles refuse it. Our real and effective users are one.
    if (::faccessat(at.fd, ".", W_OK | X_OK, 0) == 0) return {};
    return fail(system_error("faccessat", at.path.text()));
}

Result<std::string> read_all(int fd, const std::string& subject, std::size_t limit)
{
    std::string content;
    std::array<char, 16384> buffer;  // NOLINT(*-member-init): read fills it
    for (;;) {
        const auto count = retry([&] { return ::read(fd, buffer.data(), buffer.size()); });
        if (count == -1) return fail(system_error("read", subject));
        if (count == 0) return content;
        if (static_cast<std::size_t>(count) > limit - content.size()) return fail({EFBIG, "read", subject, {}, {}});
        content.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

Result<std::string> read_first(int fd, const std::string& subject, std::size_t bytes)
{
    std::string content(bytes, '\0');
    std::size_t filled = 0;
    while (filled < bytes) {
        const auto count = retry([&] { return ::read(fd, content.data() + filled, bytes - filled); });
        if (count == -1) return fail(system_error("read", subject));
        if (count == 0) break;
        filled += static_cast<std::size_t>(count);
    }
    content.resize(filled);
    return content;
}

Result<> write_all(int fd, std::string_view bytes, const std::string& subject)
{
    while (!bytes.empty()) {
        const auto count = retry([&] { return ::write(fd, bytes.data(), bytes.size()); });
        if (count == -1) return fail(system_error("write", subject));
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<std::string> read_link_at(const At& at, std::string_view name)
{
    const auto text = TRY(checked_name("readlink", at, name));
    return read_whole_link(at.fd, text.c_str(), at.path.text(name));
}

Result<std::string> read_system_file(const std::string& path)
{
    const Fd file(retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
    if (!file) return fail(system_error("open", path));
    return read_all(file.get(), path, system_file_limit);
}

Result<std::string> read_system_link(const std::string& path)
{
    return read_whole_link(AT_FDCWD, path.c_str(), path);
}

}  // namespace mailstate
