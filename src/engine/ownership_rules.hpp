// SPDX-License-Identifier: MIT
// An entry's ownership rules with names resolved and globs compiled: what owner and mode should a file have?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/model/glob.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/renumber.hpp"
#include "mailstate/posix/identity.hpp"

namespace mailstate {

struct Wanted {
    Owner owner;
    Mode mode;
};

// What an item keeps that is given to this owner by no rule: its mode, but for SUID and SGID of a file that changes
// hands. Whoever could write here could have left a program that would then run as the new owner.
Wanted kept_by(const Attributes& item, Owner owner);

class OwnershipRules {
public:
    // A user or group that the image lacks is an error: the entry's ownership is then left as it is.
    static Result<OwnershipRules> make(const Entry& entry, const Identities& identities);

    // `owner` is the file's owner after renumbering, item.owner the one before. The last rule that matches wins, for
    // each of owner, group and mode. Only a mode of four digits leaves SUID or SGID on a file that changes hands.
    [[nodiscard]] Wanted wanted(const std::string& relative, const Attributes& item, Owner owner) const;
    [[nodiscard]] bool empty() const { return rules_.empty(); }

private:
    struct Rule {
        Glob match;
        bool matches_all = false;
        std::optional<Uid> uid;
        std::optional<Gid> gid;
        std::optional<Mode> mode;
        bool exact_mode = false;
        std::optional<Kind> kind;
    };
    std::vector<Rule> rules_;
};

}  // namespace mailstate
