// SPDX-License-Identifier: MIT
// Reader: the half of the seam that changes nothing. probe, check, plan and verify get no more than this, so a dry run
// is a type and not a condition.
//
// Everything below a root that the user names (--root; "/" in a container). A service can write below most directories
// that are read here, so: names are single components, no link is followed, a mount is entered only when asked for, and
// what was opened stays open instead of being looked up again.
#pragma once

#include <chrono>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/base/result.hpp"
#include "mailstate/base/tree_path.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/posix/mount_table.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

// An open directory. Implementations derive from it; the descriptor is closed with the last reference.
//
// It may be opened to be worked in as a user (Reader::open_directory_as): then everything that is looked up, read and
// made in it and below it is that user's doing, and what is made belongs to that user whatever the source's owner.
class Directory : NonCopyable {
public:
    explicit Directory(TreePath path, std::optional<Owner> acting_as = std::nullopt)
        : path_(std::move(path)), acting_as_(acting_as)
    {
    }
    virtual ~Directory() = default;
    [[nodiscard]] const TreePath& path() const { return path_; }
    [[nodiscard]] const std::optional<Owner>& acting_as() const { return acting_as_; }

private:
    TreePath path_;
    std::optional<Owner> acting_as_;
};
using DirectoryRef = std::shared_ptr<const Directory>;

// A name in an open directory, one component; whether anything is there is another question. Without a name the
// directory itself, in messages only.
struct Name {
    DirectoryRef at;
    std::string name;
    [[nodiscard]] std::string path() const { return name.empty() ? at->path().text() : at->path().text(name); }
};

enum class Cross : bool { no, yes };  // may a mount point be entered

// A directory being listed, a batch at a time, in the kernel's order; "." and ".." are left out.
class Listing : NonCopyable {
public:
    virtual ~Listing() = default;
    // Replaces the content of names; an empty batch is the end. At most some 32 KiB of directory entries a batch.
    virtual Result<> next(std::vector<std::string>& names) = 0;
};

struct ExtendedAttribute {
    std::string name, value;
    auto operator<=>(const ExtendedAttribute&) const = default;
};

struct Digest {  // XXH3, 128 bits; a fingerprint against accidents and for telling content apart, no signature
    std::uint64_t high = 0, low = 0;
    auto operator<=>(const Digest&) const = default;
};
std::string to_text(const Digest& digest);  // "xxh128:0123…", 32 hexadecimal digits
bool from_text(std::string_view text, Digest& digest);

enum class FilesystemClass { local, network, overlay, memory, fuse, shared };
std::string_view name_of(FilesystemClass kind);

struct FilesystemFacts {  // statfs(2) and the mount table's line
    std::string type;     // mountinfo's name: "ext4", "nfs4"; by magic where the table has no line
    std::string source;
    std::string options;
    std::string subtree;  // what of it the mount shows: mountinfo's root; empty where the table has no line
    std::string fsid;     // statfs(2)'s f_fsid, 16 hexadecimal digits; empty where the filesystem has none
    FilesystemClass kind = FilesystemClass::local;
    bool read_only = false;
    bool nosuid = false;
    std::uint64_t free_bytes = 0;   // for this process: f_bavail
    std::uint64_t free_inodes = 0;  // maximum where the filesystem does not count them
    bool operator==(const FilesystemFacts&) const = default;
};

// Is it one of the options, as a whole word?
bool has_option(const FilesystemFacts& facts, std::string_view wanted);

class Reader : NonCopyable {
public:
    virtual ~Reader() = default;

    // An absolute path as seen below the root. Links and mounts on the way are followed, inside the root: only for
    // places whose parents belong to root (/var/lib, the state directory). ENOENT, ENOTDIR, ELOOP.
    virtual Result<DirectoryRef> open(const Path& absolute) const = 0;

    // One name in an open directory. A link is ENOTDIR or ELOOP; a mount point EXDEV with Cross::no.
    virtual Result<DirectoryRef> open_directory(const Name& item, Cross cross) const = 0;

    // The same, to be worked in as this user: where a server lets root in no further than anybody (NFS, root_squash).
    virtual Result<DirectoryRef> open_directory_as(const Name& item, Cross cross, Owner user) const = 0;

    virtual Result<Attributes> attributes(const DirectoryRef& directory) const = 0;
    virtual Result<Attributes> attributes(const Name& item) const = 0;  // never follows
    // Nothing is tried: may this process make and remove names in it? EACCES by its owner, mode, access control list
    // and our capabilities; EPERM where it is immutable, EROFS where it is on something read-only.
    virtual Result<> check_changeable(const DirectoryRef& directory) const = 0;
    // The same as the server has it now, and not as this machine remembers it: what another machine may have renamed.
    virtual Result<Attributes> fresh_attributes(const Name& item) const = 0;

    virtual Result<std::unique_ptr<Listing>> list(const DirectoryRef& directory) const = 0;
    virtual Result<std::string> read_link(const Name& item) const = 0;

    // A whole regular file; EFBIG where it is larger than limit bytes, EINVAL where it is not a regular file.
    virtual Result<std::string> read_file(const Name& item, std::size_t limit) const = 0;

    // At most so many bytes of its beginning; EINVAL as above.
    virtual Result<std::string> read_beginning(const Name& item, std::size_t bytes) const = 0;

    // Of the first bytes, or of all. ESTALE where the name is no longer the inode that was seen.
    virtual Result<Digest> digest_of_beginning(const Name& item, const Attributes& seen, std::uint64_t bytes) const = 0;
    Result<Digest> digest(const Name& item, const Attributes& seen) const
    {
        return digest_of_beginning(item, seen, std::numeric_limits<std::uint64_t>::max());
    }

    // Sorted by name; without trusted.overlay.* and security.selinux. Empty where the filesystem has none.
    virtual Result<std::vector<ExtendedAttribute>> extended_attributes(const Name& item) const = 0;

    // Of a socket: does any process listen on it, or receive from it? Nobody notices. Error: it cannot be told.
    virtual Result<bool> has_listener(const Name& item) const = 0;
    // Is there a process with this id that is neither this one nor one of its ancestors?
    [[nodiscard]] virtual bool is_foreign_process(int pid) const = 0;

    // Waits, until a client's memory of a share has run out: in a test no time goes by.
    virtual void wait(std::chrono::milliseconds time) const = 0;
    // Who we are and what we may do, and as whom the lock and the records name us.
    [[nodiscard]] virtual Result<ProcessFacts> process() const = 0;
    [[nodiscard]] virtual Holder holder() const = 0;

    virtual Result<FilesystemFacts> filesystem(const DirectoryRef& directory) const = 0;
    virtual Result<MountTable> mounts() const = 0;  // as seen below the root

    // Where the directory really stands, as seen below the root: links in the path that opened it are resolved.
    virtual Result<Path> location(const DirectoryRef& directory) const = 0;
    // The same place as seen by this process, the root's own path in front.
    virtual Result<Path> outer_location(const DirectoryRef& directory) const = 0;
    // The directory itself and those above it, up to the root of this process, found by "..": what it lies in, whatever
    // mount it was reached through.
    virtual Result<std::vector<Attributes>> ancestry(const DirectoryRef& directory) const = 0;

    // Who holds what is at or below a name open: open_below() of process.hpp, by identity and not by the text of a
    // path. Part of the seam, so that a test sees the processes of its own world and not those of its machine.
    virtual Result<std::vector<OpenFile>> held_open(const Name& item) const = 0;
};

// Each name in a directory, a batch at a time; ends with the first failure. What comes or goes meanwhile may be left
// out.
Result<> each_name(const Reader& reader, const DirectoryRef& directory,
                   const std::function<Result<>(const std::string& name)>& act);

// All of them, in memory: of directories that hold few.
Result<std::vector<std::string>> all_names(const Reader& reader, const DirectoryRef& directory);

// Absence is a value: nothing on ENOENT.
Result<std::optional<Attributes>> find(const Reader& reader, const Name& item);

}  // namespace mailstate
