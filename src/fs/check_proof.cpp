// SPDX-License-Identifier: MIT
#include "fs/check_proof.hpp"

#include <cerrno>

namespace mailstate {

Result<> check_proof(const Name& name, const Proof& proof)
{
    if (!proof.seen()) {
        if (proof.grounds() != Grounds::nothing) return {};
        return fail({EINVAL, "unlinkat", name.path(), "the proof is of an empty directory", {}});
    }
    const Result<Attributes> there = stat_at(at_of(name.at), name.name);
    if (!there && there.error().number == ENOENT) return {};  // then nothing is destroyed
    const Attributes now = TRY(there);
    if (!same_inode(now, *proof.seen()))
        return fail({ESTALE, "statx", name.path(), "this is no longer the file that was seen", {}});
    if (now.kind == Kind::directory || holds_the_same(now, *proof.seen())) return {};
    return fail({EBUSY, "statx", name.path(), "changed in the moment it was to be removed",
                 "Stop the service that writes it."});
}

}  // namespace mailstate
