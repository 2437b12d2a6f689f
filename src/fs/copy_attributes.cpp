// SPDX-License-Identifier: MIT
#include "fs/copy_attributes.hpp"

namespace mailstate {

Result<> copy_attributes(const AttributeHolder& from, const Attributes& seen, const AttributeHolder& to,
                         const std::optional<Owner>& acting_as)
{
    const Attributes source = TRY(stat_fd(from.fd, from.subject));
    if (!same_inode(source, seen) || source.kind != seen.kind) {
        return fail({ESTALE, "statx", from.subject, "this is no longer what was seen", {}});
    }
    const Attributes made = TRY(stat_fd(to.fd, to.subject));
    if (made.kind != seen.kind) {
        return fail({ESTALE, "statx", to.subject, "this is no longer what was made", {}});
    }
    // The owner before the attributes, which chown(2) clears in part; the mode after the ACL, whose mask it sets.
    if (!acting_as && made.owner != seen.owner) TRY(change_owner(to.fd, seen.owner, to.subject));
    TRY(copy_extended(from, to, Leftovers::possible));
    if (seen.kind != Kind::symlink) TRY(change_mode(to.fd, seen.mode, to.subject));
    return change_times(to.fd, seen, to.subject);
}

}  // namespace mailstate
