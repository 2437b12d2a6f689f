// SPDX-License-Identifier: MIT
#include "fs/small_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "fs/xattr.hpp"

namespace mailstate {

namespace {

Result<> fill(int fd, const Name& name, std::string_view content, Mode mode)
{
    TRY(write_all(fd, content, name.path()));
    if (retry([&] { return ::fchmod(fd, mode.bits); }) == -1) return fail(system_error("fchmod", name.path()));
    return sync_fd(fd, name.path());
}

enum class Fresh : bool { no, yes };

Result<Fd> open_to_append(const Name& name, Fresh& fresh)
{
    const auto text = TRY(checked_name("openat", at_of(name.at), name.name));
    constexpr int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    Fd fd(retry([&] { return ::openat(fd_of(name.at), text.c_str(), flags); }));
    if (!fd && errno == ENOENT) {
        fresh = Fresh::yes;
        return create_plain_file(name);
    }
    if (!fd) return fail(system_error("openat", name.path()));
    return fd;
}

// What has to stand before the line: nothing, or the line break that a crash did not write.
Result<std::string> missing_break(int fd, std::uint64_t size, const Name& name)
{
    if (size == 0) return std::string();
    char last = '\0';
    if (retry([&] { return ::pread(fd, &last, 1, static_cast<off_t>(size - 1)); }) == -1) {
        return fail(system_error("read", name.path()));
    }
    return std::string(last == '\n' ? "" : "\n");
}

}  // namespace

Result<> remove_leftover(const Name& name)
{
    const auto found = stat_at(at_of(name.at), name.name);
    if (!found && found.error().number == ENOENT) return {};
    if (!found) return fail(found.error());
    if (found->kind != Kind::regular) return {};
    if (::unlinkat(fd_of(name.at), name.name.c_str(), 0) == 0 || errno == ENOENT) return {};
    return fail(system_error("unlinkat", name.path()));
}

Result<Fd> create_plain_file(const Name& item)
{
    Fd fd = TRY(create_file(item));
    if (!hands_down_acl(item.at)) return fd;
    if (auto removed = remove_inherited_acls({fd.get(), Opened::fully, item.path()}); !removed) {
        unlink_if_ours(item, fd.get());
        return std::move(removed).failure();
    }
    return fd;
}

Result<> make_file(const Name& item, std::string_view content, Mode mode)
{
    const Fd fd = TRY(create_plain_file(item));
    const auto filled = fill(fd.get(), item, content, mode);
    if (!filled) unlink_if_ours(item, fd.get());
    TRY(filled);
    return sync_directory(item.at);
}

Result<> replace_file(const Name& item, std::string_view content, Mode mode)
{
    // The temporary name is the same every time, so that crashes leave one file and not a pile.
    const auto final_name = TRY(checked_name("renameat", at_of(item.at), item.name));
    const std::string temporary = "." + final_name + ".new";
    const Name made{item.at, temporary};
    TRY(remove_leftover(made));
    const Fd fd = TRY(create_plain_file(made));
    auto done = fill(fd.get(), made, content, mode);
    if (done && ::renameat(fd_of(item.at), temporary.c_str(), fd_of(item.at), final_name.c_str()) == -1) {
        done = fail(system_error("renameat", item.path()));
    }
    if (!done) {
        unlink_if_ours(made, fd.get());
        return done;
    }
    return sync_directory(item.at);
}

Result<> append_line(const Name& item, std::string_view line)
{
    if (line.find('\n') != std::string_view::npos) {
        return fail({EINVAL, "write", item.path(), "one line cannot hold a line break", {}});
    }
    Fresh fresh = Fresh::no;
    const Fd fd = TRY(open_to_append(item, fresh));
    const Attributes before = TRY(stat_fd(fd.get(), item.path()));
    if (before.kind != Kind::regular) return fail({EINVAL, "openat", item.path(), "is not a regular file", {}});
    std::string text = TRY(missing_break(fd.get(), before.size, item));
    text.append(line).append("\n");
    if (auto written = write_all(fd.get(), text, item.path()); !written) {
        // Half a line of a full volume is worth nothing. If it cannot be cut off, the next line ends it.
        (void)!::ftruncate(fd.get(), static_cast<off_t>(before.size));
        return written;
    }
    TRY(sync_fd(fd.get(), item.path()));
    return fresh == Fresh::yes ? sync_directory(item.at) : Result<>{};
}

Result<> sync_directory(const DirectoryRef& directory)
{
    const int fd = fd_of(directory);
    if (retry([&] { return ::fsync(fd); }) == 0) return {};
    Error error = system_error("fsync", directory->path().text());
    // FUSE servers may lack fsyncdir and say EINVAL; of any other filesystem that means that nothing was synced.
    struct statfs facts {};
    const bool is_fuse = ::fstatfs(fd, &facts) == 0 && facts.f_type == FUSE_SUPER_MAGIC;
    if (error.number == EINVAL && is_fuse) return {};
    return fail(std::move(error));
}

}  // namespace mailstate
