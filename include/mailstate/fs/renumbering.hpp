// SPDX-License-Identifier: MIT
// Users and groups that have other numbers somewhere else: in another image, or below another root.
#pragma once

#include <map>

#include "mailstate/base/types.hpp"

namespace mailstate {

struct Renumbering {  // number there → number here, only where they differ; never to or from 0
    std::map<Uid, Uid> users;
    std::map<Gid, Gid> groups;
    [[nodiscard]] bool empty() const { return users.empty() && groups.empty(); }
};

Owner translate(const Renumbering& renumbering, Owner owner);

}  // namespace mailstate
