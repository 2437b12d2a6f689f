// SPDX-License-Identifier: MIT
#include "fs/filesystem_facts.hpp"

#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <limits>

#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"
#include "posix/system_calls.hpp"

namespace mailstate {
namespace {

struct TypeRow {
    std::string_view type;
    FilesystemClass kind;
};

// Names as in mountinfo. Filesystems in user space count by what is behind them, where their name says so.
constexpr std::array type_rows{
    TypeRow{"9p", FilesystemClass::shared},
    TypeRow{"afs", FilesystemClass::network},
    TypeRow{"aufs", FilesystemClass::overlay},
    TypeRow{"beegfs", FilesystemClass::network},
    TypeRow{"ceph", FilesystemClass::network},
    TypeRow{"cifs", FilesystemClass::network},
    TypeRow{"coda", FilesystemClass::network},
    TypeRow{"devtmpfs", FilesystemClass::memory},
    TypeRow{"fakeowner", FilesystemClass::shared},  // Docker Desktop
    TypeRow{"fuse.blobfuse2", FilesystemClass::network},
    TypeRow{"fuse.ceph", FilesystemClass::network},
    TypeRow{"fuse.ceph-fuse", FilesystemClass::network},
    TypeRow{"fuse.davfs2", FilesystemClass::network},
    TypeRow{"fuse.fuse-overlayfs", FilesystemClass::overlay},  // the image layer of a rootless podman
    TypeRow{"fuse.gcsfuse", FilesystemClass::network},
    TypeRow{"fuse.glusterfs", FilesystemClass::network},
    TypeRow{"fuse.grpcfuse", FilesystemClass::shared},  // Docker Desktop
    TypeRow{"fuse.juicefs", FilesystemClass::network},
    TypeRow{"fuse.mfs", FilesystemClass::network},
    TypeRow{"fuse.osxfs", FilesystemClass::shared},  // Docker Desktop
    TypeRow{"fuse.rclone", FilesystemClass::network},
    TypeRow{"fuse.s3fs", FilesystemClass::network},
    TypeRow{"fuse.seaweedfs", FilesystemClass::network},
    TypeRow{"fuse.sshfs", FilesystemClass::network},
    TypeRow{"fuse.vmhgfs-fuse", FilesystemClass::shared},
    TypeRow{"glusterfs", FilesystemClass::network},
    TypeRow{"gpfs", FilesystemClass::network},
    TypeRow{"grpcfuse", FilesystemClass::shared},
    TypeRow{"lustre", FilesystemClass::network},
    TypeRow{"ncpfs", FilesystemClass::network},
    TypeRow{"nfs", FilesystemClass::network},
    TypeRow{"nfs4", FilesystemClass::network},
    TypeRow{"orangefs", FilesystemClass::network},
    TypeRow{"osxfs", FilesystemClass::shared},
    TypeRow{"overlay", FilesystemClass::overlay},
    TypeRow{"prl_fs", FilesystemClass::shared},
    TypeRow{"pvfs2", FilesystemClass::network},
    TypeRow{"ramfs", FilesystemClass::memory},
    TypeRow{"smb3", FilesystemClass::network},
    TypeRow{"smbfs", FilesystemClass::network},
    TypeRow{"tmpfs", FilesystemClass::memory},
    TypeRow{"vboxsf", FilesystemClass::shared},
    TypeRow{"virtiofs", FilesystemClass::shared},
};

// Types whose kernel code keeps data on a disk of this machine, or in memory: syncfs(2) writes all of it and reports
// what it could not write.
constexpr std::array<std::string_view, 9> synced_as_a_whole{"btrfs",   "ext2",  "ext3", "ext4", "f2fs",
                                                            "overlay", "tmpfs", "xfs",  "zfs"};

// Types that have never called data a hole: SEEK_DATA(2) of ZFS has (openzfs #15526 and #11900), an overlay may be on
// top of one, and a server or a program in user space may say what it likes.
constexpr std::array<std::uint64_t, 4> true_holes{EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC};

struct MagicRow {
    std::uint64_t magic;
    std::string_view type;
};

// statfs(2). virtiofs answers as FUSE does, and ext2 to ext4 share a number.
constexpr std::array magic_rows{
    MagicRow{EXT4_SUPER_MAGIC, "ext4"},
    MagicRow{XFS_SUPER_MAGIC, "xfs"},
    MagicRow{BTRFS_SUPER_MAGIC, "btrfs"},
    MagicRow{F2FS_SUPER_MAGIC, "f2fs"},
    MagicRow{0x2fc12fc1, "zfs"},
    MagicRow{0xca451a4e, "bcachefs"},
    MagicRow{TMPFS_MAGIC, "tmpfs"},
    MagicRow{RAMFS_MAGIC, "ramfs"},
    MagicRow{OVERLAYFS_SUPER_MAGIC, "overlay"},
    MagicRow{0x61756673, "aufs"},
    MagicRow{NFS_SUPER_MAGIC, "nfs"},
    MagicRow{CIFS_SUPER_MAGIC, "cifs"},
    MagicRow{SMB2_SUPER_MAGIC, "smb3"},
    MagicRow{SMB_SUPER_MAGIC, "smbfs"},
    MagicRow{CEPH_SUPER_MAGIC, "ceph"},
    MagicRow{AFS_SUPER_MAGIC, "afs"},
    MagicRow{AFS_FS_MAGIC, "afs"},
    MagicRow{CODA_SUPER_MAGIC, "coda"},
    MagicRow{V9FS_MAGIC, "9p"},
    MagicRow{0x786f4256, "vboxsf"},
    MagicRow{FUSE_SUPER_MAGIC, "fuse"},
    MagicRow{MSDOS_SUPER_MAGIC, "vfat"},
    MagicRow{EXFAT_SUPER_MAGIC, "exfat"},
    MagicRow{SQUASHFS_MAGIC, "squashfs"},
    MagicRow{ISOFS_SUPER_MAGIC, "iso9660"},
    MagicRow{PROC_SUPER_MAGIC, "proc"},
    MagicRow{SYSFS_MAGIC, "sysfs"},
};

std::string hexadecimal(std::uint64_t number)
{
    std::array<char, 24> text{};
    (void)std::snprintf(text.data(), text.size(), "0x%08llx", static_cast<unsigned long long>(number));
    return text.data();
}

// Two ints in the kernel; 0 of filesystems that have none (NFS, FUSE).
std::string fsid_of(const struct statfs& found)
{
    std::array<std::uint32_t, 2> halves{};
    static_assert(sizeof(found.f_fsid) == sizeof(halves));
    std::memcpy(halves.data(), &found.f_fsid, sizeof(halves));
    if (halves[0] == 0 && halves[1] == 0) return "";
    std::array<char, 24> text{};
    (void)std::snprintf(text.data(), text.size(), "%08x%08x", halves[0], halves[1]);
    return text.data();
}

}  // namespace

bool has_option(const FilesystemFacts& facts, std::string_view wanted)
{
    const std::vector<std::string> options = split_list(facts.options, ',');
    return std::ranges::find(options, wanted) != options.end();
}

std::string_view name_of(FilesystemClass kind)
{
    switch (kind) {
        case FilesystemClass::local:
            return "local";
        case FilesystemClass::network:
            return "network";
        case FilesystemClass::overlay:
            return "overlay";
        case FilesystemClass::memory:
            return "memory";
        case FilesystemClass::fuse:
            return "fuse";
        case FilesystemClass::shared:
            return "shared";
    }
    return "unknown";
}

FilesystemClass class_of_type(std::string_view type)
{
    const auto row = std::find_if(type_rows.begin(), type_rows.end(), [&](const auto& r) { return r.type == type; });
    if (row != type_rows.end()) return row->kind;
    return type.substr(0, 4) == "fuse" ? FilesystemClass::fuse : FilesystemClass::local;
}

std::string type_of_magic(std::uint64_t magic)
{
    const auto row =
        std::find_if(magic_rows.begin(), magic_rows.end(), [&](const auto& r) { return r.magic == magic; });
    return row == magic_rows.end() ? hexadecimal(magic) : std::string(row->type);
}

bool tells_true_holes(const struct statfs& found)
{
    const auto magic = static_cast<std::uint64_t>(found.f_type) & 0xffffffffU;
    return std::ranges::find(true_holes, magic) != true_holes.end();
}

bool is_volatile(const FilesystemFacts& facts)
{
    return facts.type == "overlay" && (has_option(facts, "volatile") || has_option(facts, "fsync=volatile"));
}

Durable durable_on(const FilesystemFacts& facts)
{
    const bool is_known = std::ranges::find(synced_as_a_whole, facts.type) != synced_as_a_whole.end();
    return is_known && !is_volatile(facts) && !is_absent(SystemCall::syncfs) ? Durable::no : Durable::yes;
}

Durable durable_in(const Reader& reader, const DirectoryRef& directory)
{
    const Result<FilesystemFacts> facts = reader.filesystem(directory);
    return facts ? durable_on(*facts) : Durable::yes;
}

FilesystemFacts facts_from(const struct statfs& found, const Mount* mount)
{
    FilesystemFacts facts;
    // f_type is signed, and 32 bits of it count: 0xff534d42 (cifs) comes out negative where it is an int.
    const auto magic = static_cast<std::uint64_t>(found.f_type) & 0xffffffffU;
    facts.type = mount != nullptr ? mount->fs_type : type_of_magic(magic);
    if (mount != nullptr) {
        facts.source = mount->source;
        facts.options = mount->options;
        facts.subtree = mount->subtree;
    }
    facts.fsid = fsid_of(found);
    facts.kind = class_of_type(facts.type);
    const auto flags = static_cast<std::uint64_t>(found.f_flags);
    facts.read_only = (flags & ST_RDONLY) != 0 || (mount != nullptr && mount->read_only);
    facts.nosuid = (flags & ST_NOSUID) != 0 || (mount != nullptr && mount->nosuid);
    // ramfs, tmpfs without a limit and programs in user space do not know how large they are, and some of the latter
    // (rclone) name a number of inodes of which none is ever free: then an error while writing counts.
    constexpr std::uint64_t not_counted = std::numeric_limits<std::uint64_t>::max();
    const auto block = static_cast<std::uint64_t>(found.f_frsize != 0 ? found.f_frsize : found.f_bsize);
    facts.free_bytes = found.f_blocks == 0 ? not_counted : found.f_bavail * block;
    const bool counts_inodes = found.f_files != 0 && (found.f_ffree != 0 || facts.kind != FilesystemClass::fuse);
    facts.free_inodes = counts_inodes ? found.f_ffree : not_counted;
    return facts;
}

}  // namespace mailstate
