// SPDX-License-Identifier: MIT
// A small file costs eleven system calls: openat2, openat, pread, pwrite, flistxattr, fchown, fchmod (statx where its
// owner alone has rights), futimens, statx, close, close. The source is not looked at between open and read: the statx
// at the end tells whether what was read is what was seen, and reading what is not a regular file does no harm
// (O_NONBLOCK; pread of a FIFO is ESPIPE).
#include "fs/copy_file.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>

#include <array>
#include <ctime>

#include "fs/xattr.hpp"
#include "posix/acting_as.hpp"
#include "posix/open.hpp"

namespace mailstate {

namespace {

constexpr int attempts = 4;  // the first, and three more

Result<Fd> open_source(const Name& name)
{
    const auto text = TRY(checked_name("openat2", at_of(name.at), name.name));
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    constexpr std::uint64_t one_name = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    Fd fd(open_without_atime(flags, [&](int with_atime) {
        if (has_openat2()) return open_resolved(fd_of(name.at), text.c_str(), with_atime, one_name);
        return retry([&] { return ::openat(fd_of(name.at), text.c_str(), with_atime); });
    }));
    if (!fd && (errno == ELOOP || errno == ENXIO)) errno = ESTALE;  // a link, or a socket, stands there now
    if (!fd) return fail(system_error(has_openat2() ? "openat2" : "openat", name.path()));
    return fd;
}

// Timestamps move with the kernel's tick, some 4 ms long: a file that was changed in this very tick can change again
// without showing it. Waits until the tick is over. A time far ahead is another machine's clock: no use to wait for.
void let_tick_pass(const Timestamp& changed)
{
    constexpr timespec millisecond{0, 1'000'000};
    constexpr int longest_tick = 20;
    for (int i = 0; i < longest_tick; ++i) {
        timespec now{};
        ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
        const Timestamp tick{now.tv_sec, static_cast<std::uint32_t>(now.tv_nsec)};
        if (changed < tick || changed.seconds > tick.seconds + 1) return;
        ::nanosleep(&millisecond, nullptr);
    }
}

// Made to be written only: an NFS server may hand out a delegation with a file that is read, too, and it comes back by
// a call of its own. With what its owner will be allowed in the end: often that is all, and needs no chmod. But who
// works as another user may set attributes only of what that user may write.
Result<Fd> create_copy(const Name& name, const Attributes& seen)
{
    constexpr std::uint32_t needed = S_IRUSR | S_IWUSR;
    return create_file(name, O_WRONLY, Mode{(seen.mode.bits & S_IRWXU) | needed});
}

// May be asked of what was made by create_copy() without one more call to a server: it has just told.
bool has_mode(int made, Mode mode)
{
    struct statx found {};
    const bool told = ::statx(made, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MODE, &found) == 0;
    return told && (found.stx_mask & STATX_MODE) != 0 && (found.stx_mode & 07777U) == mode.bits;
}

bool unchanged(const Attributes& before, const Attributes& after)
{
    return before.size == after.size && before.mtime == after.mtime && before.ctime == after.ctime;
}

class Attempt {
public:
    Attempt(const FileCopy& copy, DataMethods& methods, int source, int made)
        : methods_(methods),
          from_(copy.from),
          to_(copy.to),
          data_{source, made, from_, to_, copy.keep_going},
          mount_(mount_id_of(from_.at)),
          acting_as_(to_.at->acting_as()),
          leftovers_(hands_down_acl(to_.at) ? Leftovers::possible : Leftovers::impossible)
    {
    }

    Result<Copied> until_unchanged(const Attributes& seen);

private:
    Result<DataCopied> once(const Attributes& expected);
    Result<Attributes> look(const Attributes& seen) const;
    Result<std::uint64_t> mount_reached(const Attributes& now) const;
    Result<> dress(const Attributes& wanted) const;
    Result<> own(Owner owner) const;
    Result<> start_over();

    DataMethods& methods_;
    const Name &from_, &to_;
    DataCopy data_;
    std::uint64_t mount_;
    std::optional<Owner> acting_as_;  // who owns the copy already
    Leftovers leftovers_;
};

Result<Copied> Attempt::until_unchanged(const Attributes& seen)
{
    Attributes expected = seen;
    for (int attempt = 1;; ++attempt) {
        let_tick_pass(expected.ctime);
        auto copied = once(expected);
        const Attributes now = TRY(look(seen));
        if (!copied) return std::move(copied).failure();
        if (unchanged(expected, now) && copied->end == now.size) return Copied{now, copied->data};
        if (attempt == attempts) {
            return fail({EBUSY, "read", from_.path(),
                         "the file changed while it was copied, " + std::to_string(attempts) + " times in a row",
                         "Stop the service that writes it."});
        }
        expected = now;
        TRY(start_over());
    }
}

Result<DataCopied> Attempt::once(const Attributes& expected)
{
    const DataCopied copied = TRY(copy_data(data_, expected, methods_));
    TRY(dress(expected));
    return copied;
}

// openat2 has kept other mounts out already where statx does not tell (Linux 5.6 and 5.7).
Result<std::uint64_t> Attempt::mount_reached(const Attributes& now) const
{
    if (now.mount_id != 0) return now.mount_id;
    if (has_openat2()) return mount_;
    return TRY(stat_directory({data_.from, TreePath(from_.path())})).mount_id;
}

// The source as it is now. ESTALE where it never was what was seen.
Result<Attributes> Attempt::look(const Attributes& seen) const
{
    const auto now = stat_fd(data_.from, {});  // the path is spelled out only on failure
    if (!now) return fail({now.error().number, "statx", from_.path(), {}, {}});
    // Without openat2 nothing else has kept a file that is a mount point out.
    const std::uint64_t mount = seen.mount_root ? seen.mount_id : mount_;
    if (mount != 0 && TRY(mount_reached(*now)) != mount) return fail({EXDEV, "openat", from_.path(), {}, {}});
    if (same_inode(*now, seen) && now->kind == Kind::regular) return as_here(from_.at, *now);
    return fail({ESTALE, "openat2", from_.path(), "this is no longer the file that was seen", {}});
}

// The owner first: chown(2) clears the capabilities among the attributes, and the SUID and SGID bits. Then the ACL, and
// then the mode, which has the last word on the ACL's mask.
Result<> Attempt::dress(const Attributes& wanted) const
{
    if (!acting_as_) TRY(own(wanted.owner));
    TRY(copy_extended({data_.from, Opened::fully, {}}, {data_.to, Opened::fully, {}}, leftovers_));
    const bool may_be_right = (wanted.mode.bits & ~static_cast<mode_t>(S_IRWXU)) == 0;
    if (!(may_be_right && has_mode(data_.to, wanted.mode)) &&
        retry([&] { return ::fchmod(data_.to, wanted.mode.bits); }) == -1) {
        return fail(system_error("fchmod", to_.path()));
    }
    const auto spec = [](const Timestamp& time) { return timespec{time.seconds, static_cast<long>(time.nanoseconds)}; };
    const std::array<timespec, 2> both{spec(wanted.atime), spec(wanted.mtime)};
    if (retry([&] { return ::futimens(data_.to, both.data()); }) == -1) {
        return fail(system_error("futimens", to_.path()));
    }
    return {};
}

Result<> Attempt::own(Owner owner) const
{
    const auto uid = static_cast<uid_t>(owner.uid);
    const auto gid = static_cast<gid_t>(owner.gid);
    if (retry([&] { return ::fchown(data_.to, uid, gid); }) == 0) return {};
    Error refused = system_error("fchown", to_.path());
    // Some filesystems refuse even what is so already (bindfs --chown-deny).
    const auto made = stat_fd(data_.to, {});
    if (made && made->owner == owner) return {};
    refused.message = "chown to " + std::to_string(uid) + ":" + std::to_string(gid) + " was refused";
    return fail(std::move(refused));
}

Result<> Attempt::start_over()
{
    leftovers_ = Leftovers::possible;
    if (retry([&] { return ::ftruncate(data_.to, 0); }) == 0) return {};
    return fail(system_error("ftruncate", to_.path()));
}

}  // namespace

Result<> copy_opened(const FileCopy& copy, int source, const Attributes& seen, DataMethods& methods)
{
    const Fd made = TRY(create_copy(copy.to, seen));
    (void)TRY(Attempt(copy, methods, source, made.get()).until_unchanged(seen));
    return copy.durable == Durable::yes ? sync_fd(made.get(), copy.to.path()) : Result<>{};
}

Result<Copied> copy_file(const FileCopy& copy, const Attributes& seen, DataMethods& methods)
{
    // A file that is a mount point itself: the caller saw that, and means it (adoption).
    const Fd source =
        TRY(seen.mount_root ? open_file_at(at_of(copy.from.at), copy.from.name, seen) : open_source(copy.from));
    const ActingAs acting(copy.to.at->acting_as());
    const Fd made = TRY(create_copy(copy.to, seen));
    auto copied = Attempt(copy, methods, source.get(), made.get()).until_unchanged(seen);
    if (copied && copy.durable == Durable::yes) {
        if (auto synced = sync_fd(made.get(), copy.to.path()); !synced) copied = std::move(synced).failure();
    }
    if (!copied) unlink_if_ours(copy.to, made.get());
    return copied;
}

}  // namespace mailstate
