// SPDX-License-Identifier: MIT
#include "mailstate/fs/renumbering.hpp"

namespace mailstate {

Owner translate(const Renumbering& renumbering, Owner owner)
{
    const auto user = renumbering.users.find(owner.uid);
    const auto group = renumbering.groups.find(owner.gid);
    return {user == renumbering.users.end() ? owner.uid : user->second,
            group == renumbering.groups.end() ? owner.gid : group->second};
}

}  // namespace mailstate
