// SPDX-License-Identifier: MIT
// The Directory of the POSIX implementation: an open descriptor (O_RDONLY | O_DIRECTORY).
#pragma once

#include <atomic>

#include "mailstate/fs/reader.hpp"
#include "posix/fd.hpp"

namespace mailstate {

// Does a directory hand a default ACL down to what is made in it? Asked once for each open directory.
enum class HandsDown : signed char { not_asked, no, yes };

class PosixDirectory final : public Directory {
public:
    PosixDirectory(TreePath path, Fd fd, std::uint64_t mount_id, std::optional<Owner> acting_as = std::nullopt)
        : Directory(std::move(path), acting_as), fd_(std::move(fd)), mount_id_(mount_id)
    {
    }
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::uint64_t mount_id() const { return mount_id_; }
    [[nodiscard]] std::atomic<HandsDown>& hands_down() const { return hands_down_; }

private:
    Fd fd_;
    std::uint64_t mount_id_;
    mutable std::atomic<HandsDown> hands_down_{HandsDown::not_asked};
};

// The descriptor behind a directory of the POSIX implementation; any other implementation is a programming error.
inline int fd_of(const DirectoryRef& directory)
{
    return static_cast<const PosixDirectory&>(*directory).fd();
}

// The mount that it was opened on; 0 where the kernel does not tell.
inline std::uint64_t mount_id_of(const DirectoryRef& directory)
{
    return static_cast<const PosixDirectory&>(*directory).mount_id();
}

}  // namespace mailstate
