// SPDX-License-Identifier: MIT
// The Directory of the POSIX implementation: an open descriptor (O_RDONLY | O_DIRECTORY).
#pragma once

#include <atomic>
#include <cerrno>

#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/renumbering.hpp"
#include "posix/fd.hpp"

namespace mailstate {

// Does a directory hand a default ACL down to what is made in it? Asked once for each open directory.
enum class HandsDown : signed char { not_asked, no, yes };

class PosixDirectory final : public Directory {
public:
    // foreign: of a root that is only read, with the numbers that its users have here; null: of ours.
    PosixDirectory(TreePath path, Fd fd, std::uint64_t mount_id, std::optional<Owner> acting_as = std::nullopt,
                   std::shared_ptr<const Renumbering> foreign = nullptr)
        : Directory(std::move(path), acting_as), fd_(std::move(fd)), mount_id_(mount_id), foreign_(std::move(foreign))
    {
    }
    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::uint64_t mount_id() const { return mount_id_; }
    [[nodiscard]] const std::shared_ptr<const Renumbering>& foreign() const { return foreign_; }
    [[nodiscard]] std::atomic<HandsDown>& hands_down() const { return hands_down_; }

private:
    Fd fd_;
    std::uint64_t mount_id_;
    std::shared_ptr<const Renumbering> foreign_;
    mutable std::atomic<HandsDown> hands_down_{HandsDown::not_asked};
};

// The descriptor behind a directory of the POSIX implementation; any other implementation is a programming error.
inline int fd_of(const DirectoryRef& directory)
{
    return static_cast<const PosixDirectory&>(*directory).fd();
}

inline const std::shared_ptr<const Renumbering>& foreign_of(const DirectoryRef& directory)
{
    return static_cast<const PosixDirectory&>(*directory).foreign();
}

inline bool is_foreign(const DirectoryRef& directory)
{
    return foreign_of(directory) != nullptr;
}

// As the owner is numbered here.
inline Attributes as_here(const DirectoryRef& directory, Attributes seen)
{
    if (const auto& foreign = foreign_of(directory)) seen.owner = translate(*foreign, seen.owner);
    return seen;
}

// To be asked before anything is changed in a directory.
inline Result<> check_ours(const DirectoryRef& directory, const char* call)
{
    if (!is_foreign(directory)) return {};
    return fail({EROFS, call, directory->path().text(), "this is below a root that is only read", {}});
}

// The mount that it was opened on; 0 where the kernel does not tell.
inline std::uint64_t mount_id_of(const DirectoryRef& directory)
{
    return static_cast<const PosixDirectory&>(*directory).mount_id();
}

}  // namespace mailstate
