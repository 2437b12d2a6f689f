// SPDX-License-Identifier: MIT
// Small types that must not mix: owners, modes, times, kinds of files.
#pragma once

#include <boost/filesystem/path.hpp>

#include <compare>
#include <cstdint>
#include <string_view>

namespace mailstate {

using Path = boost::filesystem::path;

enum class Uid : std::uint32_t {};
enum class Gid : std::uint32_t {};

struct Owner {
    Uid uid{0};
    Gid gid{0};
    auto operator<=>(const Owner&) const = default;
};

// The twelve permission bits, SUID, SGID and sticky included; never the file type. Source: inode(7).
struct Mode {
    std::uint32_t bits = 0;
    auto operator<=>(const Mode&) const = default;
};

struct Timestamp {
    std::int64_t seconds = 0;
    std::uint32_t nanoseconds = 0;
    auto operator<=>(const Timestamp&) const = default;
};

enum class Kind : std::uint8_t { regular, directory, symlink, fifo, socket, char_device, block_device };

std::string_view name_of(
    Kind kind);  // "file", "directory", "link", "fifo", "socket", "character device", "block device"

// What statx(2) says of one inode.
struct Attributes {
    Kind kind = Kind::regular;
    Mode mode;
    Owner owner;
    std::uint64_t size = 0;    // bytes
    std::uint64_t blocks = 0;  // of 512 bytes; fewer than size/512 where there are holes
    std::uint64_t inode = 0;
    std::uint64_t device = 0;    // makedev(major, minor) of the filesystem
    std::uint64_t rdev = 0;      // of a device node
    std::uint64_t mount_id = 0;  // STATX_MNT_ID; tells a bind mount of the same filesystem
    std::uint32_t links = 1;
    bool mount_root = false;   // STATX_ATTR_MOUNT_ROOT
    bool immutable = false;    // STATX_ATTR_IMMUTABLE or STATX_ATTR_APPEND: root cannot unlink it
    bool append_only = false;  // of the two, the latter
    Timestamp atime, mtime, ctime;
};

inline bool same_inode(const Attributes& a, const Attributes& b)
{
    return a.device == b.device && a.inode == b.inode;
}

}  // namespace mailstate
