// SPDX-License-Identifier: MIT
#include "engine/ownership_rules.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::uint32_t set_id_bits = 06000;

Failure unknown(const std::string& what, const std::string& name)
{
    return fail(text_error(what + " " + printable(name), "is not known in this image", ""));
}

// chmod(1) with three digits keeps a directory's SUID and SGID: 710 on Debian's 2710 gives 2710.
Mode mode_by_rule(Mode rule, bool exact, const Attributes& item)
{
    if (exact || item.kind != Kind::directory) return rule;
    return Mode{(rule.bits & 0777U) | (item.mode.bits & set_id_bits)};
}

Mode without_set_id(const Attributes& item, Owner owner, Mode mode)
{
    const bool changes_hands = item.kind == Kind::regular && item.owner != owner;
    return changes_hands ? Mode{mode.bits & ~set_id_bits} : mode;
}

}  // namespace

Result<OwnershipRules> OwnershipRules::make(const Entry& entry, const Identities& identities)
{
    OwnershipRules rules;
    for (const OwnershipRule& from : entry.ownership) {
        Rule rule{TRY(Glob::compile(from.match)), from.match == "**", {}, {}, from.mode, from.exact_mode, from.kind};
        if (!from.owner.empty()) {
            rule.uid = find_user(identities, from.owner);
            if (!rule.uid) return unknown("user", from.owner);
        }
        if (!from.group.empty()) {
            rule.gid = find_group(identities, from.group);
            if (!rule.gid) return unknown("group", from.group);
        }
        rules.rules_.push_back(std::move(rule));
    }
    return rules;
}

Wanted OwnershipRules::wanted(const std::string& relative, const Attributes& item, Owner owner) const
{
    Wanted wanted{owner, item.mode};
    bool exact = false;
    for (const Rule& rule : rules_) {
        if (rule.kind && *rule.kind != item.kind) continue;
        if (!rule.matches_all && !rule.match.matches(relative)) continue;
        if (rule.uid) wanted.owner.uid = *rule.uid;
        if (rule.gid) wanted.owner.gid = *rule.gid;
        if (!rule.mode || item.kind == Kind::symlink) continue;
        wanted.mode = mode_by_rule(*rule.mode, rule.exact_mode, item);
        exact = rule.exact_mode;
    }
    if (!exact) wanted.mode = without_set_id(item, wanted.owner, wanted.mode);
    return wanted;
}

Wanted kept_by(const Attributes& item, Owner owner)
{
    return {owner, without_set_id(item, owner, item.mode)};
}

}  // namespace mailstate
