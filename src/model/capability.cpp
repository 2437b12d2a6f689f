// SPDX-License-Identifier: MIT
#include "mailstate/model/capability.hpp"

#include <linux/capability.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// mountinfo(5) of NFS: these differ between two mounts of one export.
bool is_passing(std::string_view option)
{
    static constexpr std::array<std::string_view, 5> passing = {
        "clientaddr=", "port=", "mountport=", "mountaddr=", "xprt="};
    return std::any_of(passing.begin(), passing.end(), [&](auto start) { return option.starts_with(start); });
}

std::string text_of(const std::vector<IdRange>& ranges)
{
    std::string text;
    for (const IdRange& range : ranges)
        text += (text.empty() ? "" : ",") + std::to_string(range.inside) + ">" + std::to_string(range.outside) + "+" +
                std::to_string(range.count);
    return text;
}

std::string held(const ProcessFacts& process)
{
    static constexpr std::array numbers = {CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_MKNOD};
    std::string text;
    for (const int number : numbers) text += has_capability(process, number) ? '1' : '0';
    return text;
}

// Bytes that a file in JSON would hold in another form are told apart no further: it must compare equal when read back.
std::string plain(std::string text)
{
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '\\'; };
    std::replace_if(
        text.begin(), text.end(), [&](char c) { return !is_plain(c); }, '?');
    return text;
}

constexpr std::array<std::string_view, 6> whole_types = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs"};
constexpr std::array<std::string_view, 4> fat_types = {"vfat", "exfat", "msdos", "ntfs3"};

constexpr std::array<std::string_view, 6> local_lock_options = {"nolock", "local_lock=all", "local_lock=posix",
                                                                "nobrl",  "localflock",     "localflocks"};
// FUSE that hands locks on, or is of one machine anyway.
constexpr std::array<std::string_view, 14> fuse_with_locks = {
    "fuse.ceph",           "fuse.ceph-fuse", "fuse.glusterfs",   "fuse.juicefs", "fuse.mfs",
    "fuse.fuse-overlayfs", "fuse.bindfs",    "fuse.mergerfs",    "fuse.unionfs", "fuse.gocryptfs",
    "fuse.encfs",          "fuse.lxcfs",     "fuse.vmhgfs-fuse", "fuse.ntfs-3g"};

constexpr std::array<std::pair<std::string_view, std::optional<Owner> Capabilities::*>, 3> owner_facts{{
    {"made-by-root", &Capabilities::made_by_root},
    {"made-by-user", &Capabilities::made_by_user},
    {"chown-gives", &Capabilities::chown_gives},
}};
constexpr std::string_view made_mode = "made-mode";

bool take_ability(const std::string& name, const std::string& text, Capabilities& into)
{
    const std::optional<Ability> ability = ability_named(name);
    const std::optional<Tested> tested = tested_from(text);
    if (!ability || !tested) return false;
    into.tested[*ability] = *tested;
    return true;
}

// Only what would be written in the same words again.
bool take_fact(const std::string& name, const std::string& text, Capabilities& into)
{
    for (const auto& [fact, member] : owner_facts) {
        const std::optional<Owner> owner = owner_from(text);
        if (name != fact || !owner || owner_numbers(*owner) != text) continue;
        into.*member = owner;
        return true;
    }
    const bool is_mode = text.size() == 4 && text.find_first_not_of("01234567") == std::string::npos;
    if (name != made_mode || !is_mode) return false;
    into.made_mode = Mode{static_cast<std::uint32_t>(std::stoul(text, nullptr, 8))};
    return true;
}

}  // namespace

bool keeps_locks_here(const FilesystemFacts& facts)
{
    const std::vector<std::string> options = split_list(facts.options, ',');
    const auto is_given = [&](std::string_view option) { return std::ranges::find(options, option) != options.end(); };
    if (std::ranges::any_of(local_lock_options, is_given)) return true;
    const bool is_fuse = facts.type == "fuse" || facts.type.starts_with("fuse.");
    return is_fuse && std::ranges::find(fuse_with_locks, facts.type) == fuse_with_locks.end();
}

Tested tested(const Capabilities& capabilities, Ability ability)
{
    const auto found = capabilities.tested.find(ability);
    return found == capabilities.tested.end() ? Tested{} : found->second;
}

bool lacks(const Capabilities& capabilities, Ability ability)
{
    return is_lacking(tested(capabilities, ability));
}

bool is_empty(const Capabilities& capabilities)
{
    return capabilities == Capabilities{};
}

std::vector<std::pair<std::string_view, std::string>> facts_of(const Capabilities& capabilities)
{
    std::vector<std::pair<std::string_view, std::string>> facts;
    for (const auto& [name, member] : owner_facts)
        if (const std::optional<Owner>& owner = capabilities.*member) facts.emplace_back(name, owner_numbers(*owner));
    if (capabilities.made_mode) facts.emplace_back(made_mode, octal_mode(capabilities.made_mode->bits));
    return facts;
}

std::map<std::string, std::string> words_of(const Capabilities& capabilities)
{
    std::map<std::string, std::string> words = capabilities.unread;
    for (const auto& [ability, tested] : capabilities.tested) words[std::string(name_of(ability))] = text_of(tested);
    for (const auto& [name, text] : facts_of(capabilities)) words[std::string(name)] = text;
    return words;
}

Capabilities capabilities_from(const std::map<std::string, std::string>& words)
{
    Capabilities capabilities;
    for (const auto& [name, text] : words)
        if (!take_ability(name, text, capabilities) && !take_fact(name, text, capabilities))
            capabilities.unread[name] = text;
    return capabilities;
}

std::string owner_numbers(Owner owner)
{
    return std::to_string(static_cast<std::uint32_t>(owner.uid)) + ":" +
           std::to_string(static_cast<std::uint32_t>(owner.gid));
}

std::optional<Owner> owner_from(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto uid = parse_decimal(text.substr(0, colon));
    const auto gid = parse_decimal(text.substr(colon + 1));
    constexpr auto largest = std::numeric_limits<std::uint32_t>::max();
    if (!uid || !gid || *uid > largest || *gid > largest) return std::nullopt;
    return Owner{Uid{static_cast<std::uint32_t>(*uid)}, Gid{static_cast<std::uint32_t>(*gid)}};
}

std::string volume_identity(const FilesystemFacts& facts, const ProcessFacts& process)
{
    std::string options;
    for (const std::string& option : split_list(facts.options, ','))
        if (!is_passing(option)) options += (options.empty() ? "" : ",") + option;
    return plain(facts.type + " " + facts.source + " " + options) + " uids " + text_of(process.uid_map) + " gids " +
           text_of(process.gid_map) + " caps " + held(process);
}

Capabilities inferred_capabilities(const FilesystemFacts& facts)
{
    const auto is_type = [&](std::string_view type) { return type == facts.type; };
    const bool whole = std::ranges::any_of(whole_types, is_type), fat = std::ranges::any_of(fat_types, is_type);
    Capabilities guess;
    for (const AbilityRow& row : abilities) {
        if (whole) guess.tested[row.ability] = can;
        if (fat && row.on_fat == OnFat::lacks) guess.tested[row.ability] = {Verdict::by_type, 0};
    }
    if (facts.read_only) guess.tested[Ability::create] = refused(EROFS);
    return guess;
}

bool can_express(const std::vector<IdRange>& map, std::uint32_t id)
{
    if (map.empty()) return true;
    return std::any_of(map.begin(), map.end(),
                       [&](const IdRange& range) { return id >= range.inside && id - range.inside < range.count; });
}

}  // namespace mailstate
