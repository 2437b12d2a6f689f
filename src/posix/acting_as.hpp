// SPDX-License-Identifier: MIT
// Acting as another user towards filesystems, for the length of a scope and in this thread alone: setfsuid(2).
#pragma once

#include <optional>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/base/types.hpp"

namespace mailstate {

// Nothing to do where there is no other user. The kernel takes the filesystem capabilities (CHOWN, DAC_OVERRIDE,
// FOWNER, FSETID, MKNOD) from the effective set meanwhile and gives them back (capabilities(7)). A server that maps
// root to nobody, as NFS with root_squash does, sees the user.
class ActingAs : NonCopyable {
public:
    explicit ActingAs(const std::optional<Owner>& user);
    ~ActingAs();

private:
    bool acting_ = false;
    Owner before_;
};

}  // namespace mailstate
