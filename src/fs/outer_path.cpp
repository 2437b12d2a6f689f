// SPDX-License-Identifier: MIT
#include "fs/outer_path.hpp"

#include <fcntl.h>

#include "posix/calls.hpp"

namespace mailstate {
namespace {

constexpr std::string_view deleted = " (deleted)";

Failure without_proc(Error error)
{
    if (error.number == ENOENT) error.hint = "Mount proc: mount -t proc proc /proc.";
    return fail(std::move(error));
}

// The kernel adds " (deleted)" behind the path of a removed directory, which is also a name that one may have.
bool stands_at(int directory, const std::string& path)
{
    const Fd again(retry([&] { return ::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC); }));
    if (!again) return false;
    const auto here = stat_fd(directory, path);
    const auto there = stat_fd(again.get(), path);
    return here && there && same_inode(*here, *there);
}

}  // namespace

Result<std::string> outer_path(int directory)
{
    auto path = read_system_link("/proc/self/fd/" + std::to_string(directory));
    if (!path) return without_proc(path.error());
    // "(unreachable)/x": outside of this process's root.
    if (path->empty() || path->front() != '/')
        return fail({ENOENT, "readlink", *path, "the directory cannot be reached from here", {}});
    const bool marked =
        path->size() > deleted.size() && std::string_view(*path).substr(path->size() - deleted.size()) == deleted;
    if (marked && !stands_at(directory, *path))
        return fail({ENOENT, "readlink", *path, "the directory was removed", {}});
    return path;
}

Result<MountTable> mount_table_of_process()
{
    const auto text = read_system_file("/proc/self/mountinfo");
    if (!text) return without_proc(text.error());
    return parse_mountinfo(*text);
}

}  // namespace mailstate
