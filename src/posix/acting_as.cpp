// SPDX-License-Identifier: MIT
#include "posix/acting_as.hpp"

#include <sys/fsuid.h>

namespace mailstate {

// Both calls return the former id and no error. Without CAP_SETUID nothing changes, and then the server's refusal is
// what tells. The group first: taking a group wants CAP_SETGID, which no change of the user takes away.
ActingAs::ActingAs(const std::optional<Owner>& user)
{
    if (!user) return;
    acting_ = true;
    before_.gid = Gid{static_cast<std::uint32_t>(::setfsgid(static_cast<gid_t>(user->gid)))};
    before_.uid = Uid{static_cast<std::uint32_t>(::setfsuid(static_cast<uid_t>(user->uid)))};
}

ActingAs::~ActingAs()
{
    if (!acting_) return;
    (void)::setfsuid(static_cast<uid_t>(before_.uid));
    (void)::setfsgid(static_cast<gid_t>(before_.gid));
}

}  // namespace mailstate
