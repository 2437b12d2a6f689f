// SPDX-License-Identifier: MIT
// Writer: the half of the seam that changes things. Only apply, seal, rehearse and roll back ever hold one.
// The rules of reader.hpp hold here too: single names, no link followed, no mount crossed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/fs/proof.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/posix/lock.hpp"
#include "mailstate/posix/process.hpp"

namespace mailstate {

// RENAME_NOREPLACE, RENAME_EXCHANGE; `never` is RENAME_NOREPLACE as the kernel gives it, or EINVAL.
enum class Replace { no, exchange, never };
enum class Durable : bool { no, yes };  // fsync each file before it is closed (network filesystems)

struct Copied {
    Attributes source;       // the source as it was when its copy was complete
    std::uint64_t data = 0;  // bytes read and written or cloned; holes not counted
};

class Writer : NonCopyable {
public:
    virtual ~Writer() = default;

    // A new directory, opened. The mode is exact whatever the umask, default ACL and SGID of the parent say: inherited
    // ACLs are removed. EEXIST where the name is taken.
    virtual Result<DirectoryRef> make_directory(const Name& item, Mode mode) = 0;
    virtual Result<> make_link(const Name& item, std::string_view text) = 0;
    virtual Result<> make_hard_link(const Name& from, const Name& to) = 0;
    // A FIFO, a socket that nobody listens on, a device node or an empty file, mode 0600, owner untouched. A socket is
    // made as bind(2) makes it (net/unix/af_unix.c, unix_bind_bsd: vfs_mknod).
    virtual Result<> make_node(const Name& item, Kind kind, std::uint64_t rdev) = 0;

    // A new regular file with content, holes, extended attributes, owner, mode and times of the source; EEXIST where
    // the name is taken. EBUSY where the source changed while it was read, three times in a row; ESTALE where the name
    // is no longer the inode that was seen. On failure nothing of that name remains. Thread-safe.
    // keep_going is asked between chunks, with the bytes since it was asked last; false ends the copy with ECANCELED.
    virtual Result<Copied> copy_file(const Name& from, const Attributes& seen, const Name& to, Durable durable,
                                     const std::function<bool(std::uint64_t bytes)>& keep_going) = 0;

    // Extended attributes of the source, then owner, mode and times as seen, onto what was made before.
    virtual Result<> copy_attributes(const DirectoryRef& from, const Attributes& seen, const DirectoryRef& to) = 0;
    virtual Result<> copy_attributes(const Name& from, const Attributes& seen, const Name& to) = 0;

    // One attribute of a file or directory, xattr(7); EOPNOTSUPP where the filesystem has none.
    virtual Result<> set_extended_attribute(const Name& item, const ExtendedAttribute& attribute) = 0;

    // Never replaces a name. no: EEXIST where the name is taken; EINVAL of filesystems without the flag is answered by
    // a check and a plain rename (NFS, some FUSE). exchange: EXDEV, EINVAL as the kernel gives them.
    virtual Result<> rename(const Name& from, const Name& to, Replace replace) = 0;

    // What destroys content takes a proof that it may go. Where the proof is of what was seen, the name must still be
    // that: ESTALE where it is another inode, EBUSY where its size or mtime is another.
    // Plain rename(2), of a directory over an empty one too: atomic, and ENOTEMPTY where it is populated. The proof is
    // of what has the new name now.
    virtual Result<> replace(const Name& from, const Name& to, const Proof& proof) = 0;
    virtual Result<> remove_file(const Name& item, const Proof& proof) = 0;
    // A regular file that a service can reach; the proof is of what was seen. A write that comes in the very moment of
    // the removal is not lost: the file is made anew, then EBUSY.
    virtual Result<> remove_unchanged(const Name& item, const Proof& proof) = 0;
    virtual Result<> remove_directory(const Name& item, const Proof& proof) = 0;
    // Whole and durable, or as before: temporary name, fsync, rename, fsync of the directory. The proof is of what the
    // name holds now.
    virtual Result<> replace_file(const Name& item, std::string_view content, Mode mode, const Proof& proof) = 0;

    // A new small file, synced; EEXIST where the name is taken. On failure nothing of that name remains; a kill may
    // leave a part of it.
    virtual Result<> make_file(const Name& item, std::string_view content, Mode mode) = 0;

    // chown, then chmod, then read back; only what differs from what was seen is called. ESTALE where the name is no
    // longer the inode that was seen or (of all but a directory) its link count changed; EPERM with a message where the
    // kernel said yes and the read-back says no (SGID dropped in silence, chown ignored). A link's mode cannot be
    // changed and is passed over.
    virtual Result<Attributes> change_ownership(const Name& item, const Attributes& seen, Owner owner, Mode mode) = 0;
    virtual Result<Attributes> change_ownership(const DirectoryRef& directory, const Attributes& seen, Owner owner,
                                                Mode mode) = 0;
    // The owner alone, by one call: of a name that nobody but root can replace, on a filesystem that keeps owners, so
    // that what was seen still holds and needs no look before or after. Not for directories, hard links, or files with
    // SUID or SGID, which the call would take away.
    virtual Result<> change_settled_owner(const Name& item, const Attributes& seen, Owner owner) = 0;

    // Appends one line and syncs it; makes the file, mode 0600. A torn last line of an earlier crash is ended first.
    virtual Result<> append_line(const Name& item, std::string_view line) = 0;

    virtual Result<> sync_directory(const DirectoryRef& directory) = 0;
    // syncfs(2) on this descriptor: reports write-back errors since it was opened, so open it before the first write.
    virtual Result<> sync_filesystem(const DirectoryRef& directory) = 0;

    // The filesystem's own clock, by a file made, touched until its ctime moves on, and removed: whatever changes from
    // now on has a later ctime than what is returned.
    virtual Result<Timestamp> clock(const DirectoryRef& at) = 0;

    // Excludes other runs on this volume, on other machines too where the filesystem's locks reach them; nobody where
    // it has none. Waits at most that long: EWOULDBLOCK, with the holder in the message; ECANCELED when it is told not
    // to wait any more. An OFD lock. Writes the holder into the file "lock", and empties it when the lock goes: take it
    // only when there is something to do.
    virtual Result<std::unique_ptr<Lock>> lock(const DirectoryRef& at, const LockWait& wait) = 0;
};

}  // namespace mailstate
