// SPDX-License-Identifier: MIT
// Names and numbers of users and groups, from the text of passwd(5) and group(5): a static binary has no NSS.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mailstate/base/types.hpp"

namespace mailstate {

struct Identities {
    std::map<std::string, Uid, std::less<>> users;
    std::map<std::string, Gid, std::less<>> groups;
    bool operator==(const Identities&) const = default;
};

// Lines that are not entries (comments, NIS "+", broken numbers) are skipped; the first line of a name wins.
Identities parse_identities(std::string_view passwd, std::string_view group);

std::optional<Uid> find_user(const Identities& ids, std::string_view name);
std::optional<Gid> find_group(const Identities& ids, std::string_view name);
// The owner of anything without a rule: 0:0, or this process's in the clone of a rehearsal that may not chown.
Owner root_of(const Identities& ids);

// The name of a number for messages, "redis"; the number itself where nobody has it.
std::string user_name(const Identities& ids, Uid uid);
std::string group_name(const Identities& ids, Gid gid);
std::string owner_name(const Identities& ids, Owner owner);  // "redis:redis"

}  // namespace mailstate
