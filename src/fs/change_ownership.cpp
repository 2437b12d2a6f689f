// SPDX-License-Identifier: MIT
#include "fs/change_ownership.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

std::string numbers(Owner owner)
{
    return std::to_string(static_cast<std::uint32_t>(owner.uid)) + ":" +
           std::to_string(static_cast<std::uint32_t>(owner.gid));
}

// A directory's link count is its sub-directories, which come and go; of anything else it is the number of names, one
// of which a service may have put outside the tree.
bool is_what_was_seen(const Attributes& now, const Attributes& seen)
{
    const bool same_names = now.kind == Kind::directory || now.links == seen.links;
    return same_inode(now, seen) && now.kind == seen.kind && same_names;
}

std::string dropped_bits(Mode wanted, Mode now)
{
    const std::uint32_t lost = wanted.bits & ~now.bits;
    if ((lost & S_ISGID) != 0) return "SGID was silently dropped";
    if ((lost & S_ISUID) != 0) return "SUID was silently dropped";
    return "it was ignored";
}

// An object whose owner changes should not be open wider, even for a moment, than it was or will be. What a file's SUID
// and SGID are worth, the chown itself takes away.
bool is_too_wide(const Attributes& now, Mode wanted)
{
    const std::uint32_t cleared = now.kind == Kind::directory ? 0 : S_ISUID | S_ISGID;
    return now.kind != Kind::symlink && (now.mode.bits & ~wanted.bits & ~cleared) != 0;
}

Result<> change_owner_narrowly(int fd, const std::string& subject, const Attributes& before, Owner owner, Mode wanted)
{
    const bool narrow = is_too_wide(before, wanted);
    if (narrow) TRY(change_mode(fd, Mode{before.mode.bits & wanted.bits}, subject));
    auto changed = change_owner(fd, owner, subject);
    // The refusal is what to tell, whether or not the mode can be put back.
    if (!changed && narrow) (void)change_mode(fd, before.mode, subject);
    return changed;
}

// The attributes after the last call, as the kernel tells them.
Result<Attributes> change(int fd, const std::string& subject, const Attributes& before, Owner owner, Mode mode)
{
    Attributes now = before;
    if (now.owner != owner) {
        TRY(change_owner_narrowly(fd, subject, before, owner, mode));
        // What chown(2) took away comes back before anything else can fail.
        const bool cleared = now.kind == Kind::regular && (mode.bits & (S_ISUID | S_ISGID)) != 0;
        if (cleared) TRY(change_mode(fd, mode, subject));
        now = TRY(stat_fd(fd, subject));
    }
    if (now.kind != Kind::symlink && now.mode != mode) {
        TRY(change_mode(fd, mode, subject));
        now = TRY(stat_fd(fd, subject));
    }
    return now;
}

Result<> check(const Attributes& now, const std::string& subject, Owner owner, Mode mode)
{
    if (now.owner != owner) {
        const std::string message =
            "chown to " + numbers(owner) + " succeeded but the owner is " + numbers(now.owner) + ": it was ignored";
        return fail({EPERM, "fchownat", subject, message, "The volume's filesystem does not keep owners."});
    }
    if (now.kind != Kind::symlink && now.mode != mode) {
        const std::string message = "chmod " + octal_mode(mode.bits) + " succeeded but the mode is " +
                                    octal_mode(now.mode.bits) + ": " + dropped_bits(mode, now.mode);
        return fail({EPERM, "fchmodat2", subject, message,
                     "Give the container CAP_FSETID, or use a volume without root_squash."});
    }
    return {};
}

Error with_hint(Error error, const Attributes& now)
{
    if (error.number == EPERM && now.immutable) error.hint = "It is immutable or append-only: see chattr(1).";
    return error;
}

}  // namespace

Result<Attributes> change_ownership(int fd, const std::string& subject, const Attributes& seen, Owner owner, Mode mode)
{
    const Attributes now = TRY(stat_fd(fd, subject));
    if (!is_what_was_seen(now, seen)) {
        return fail({ESTALE, "statx", subject, "this is no longer what was seen", {}});
    }
    auto changed = change(fd, subject, now, owner, mode);
    if (!changed) return fail(with_hint(changed.error(), now));
    TRY(check(*changed, subject, owner, mode));
    return changed;
}

Result<Attributes> change_ownership(const Name& name, const Attributes& seen, Owner owner, Mode mode)
{
    const Fd inode = TRY(open_inode(name));
    auto changed = change_ownership(inode.get(), {}, seen, owner, mode);
    if (changed) return changed;
    Error error = changed.error();
    error.subject = name.path();
    return fail(std::move(error));
}

Result<> change_settled_owner(const Name& name, const Attributes& seen, Owner owner)
{
    const auto text = TRY(checked_name("fchownat", at_of(name.at), name.name));
    const auto uid = static_cast<uid_t>(owner.uid);
    const auto gid = static_cast<gid_t>(owner.gid);
    if (retry([&] { return ::fchownat(fd_of(name.at), text.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW); }) == 0) return {};
    return fail(with_hint(system_error("fchownat", name.path()), seen));
}

}  // namespace mailstate
