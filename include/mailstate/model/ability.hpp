// SPDX-License-Identifier: MIT
// What a filesystem can do: one row for each ability, here and in layouts, ledgers and reports. How each is tested is
// in engine/capability_test.cpp, which does not compile without a test for every row.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace mailstate {

enum class Ability {
    create,
    chown,
    sgid,
    symlink,
    hardlink,
    rename,
    noreplace,  // RENAME_NOREPLACE
    exchange,   // RENAME_EXCHANGE of a directory and something else
    fifo,
    socket,
    xattr,
    acl,
    fsync,
    syncfs,
    lock,
    mtime_ns,
    case_sensitive,
};

// The outcome of a test. All but `yes` and `untested` count as lacking.
enum class Verdict {
    untested,
    yes,
    without_effect,     // the call succeeded and did something else, or nothing
    refused,            // by the kernel, with an errno
    by_type,            // expected of the filesystem's type, not tested
    open_workspace,     // create: others can write the workspace
    foreign_workspace,  // create: the workspace belongs to another user
    excludes_nobody,    // lock
    on_this_machine,    // lock: it excludes other runs here, and nobody on another machine
    lease,              // lock: an earlier mailstate used a lease instead
    whole_seconds,      // mtime-ns
    coarse,             // mtime-ns
    folds,              // case-sensitive: names that differ in case are one name
};

struct Tested {
    Verdict verdict = Verdict::untested;
    int number = 0;  // errno, where the kernel refused
    bool operator==(const Tested&) const = default;
};

inline constexpr Tested can{Verdict::yes, 0};

constexpr Tested refused(int number)
{
    return {Verdict::refused, number};
}

constexpr bool is_lacking(const Tested& tested)
{
    return tested.verdict != Verdict::untested && tested.verdict != Verdict::yes;
}

// Types that keep everything, such as ext4, can do all of it; of networks and FUSE nothing is expected.
enum class OnFat : bool { unknown, lacks };  // FAT, exFAT and NTFS

struct AbilityRow {
    Ability ability;
    std::string_view name;     // in layouts, ledgers and reports
    std::string_view lacking;  // of a filesystem that lacks it: "has no hard links"
    OnFat on_fat = OnFat::unknown;
};

inline constexpr std::array abilities{
    AbilityRow{Ability::create, "create", "lacks create"},
    AbilityRow{Ability::chown, "chown", "lacks chown", OnFat::lacks},
    AbilityRow{Ability::sgid, "sgid", "lacks sgid", OnFat::lacks},
    AbilityRow{Ability::symlink, "symlink", "does not support symbolic links", OnFat::lacks},
    AbilityRow{Ability::hardlink, "hardlink", "does not support hard links", OnFat::lacks},
    AbilityRow{Ability::rename, "rename", "does not support rename"},
    AbilityRow{Ability::noreplace, "noreplace", "does not support noreplace"},
    AbilityRow{Ability::exchange, "exchange", "does not support exchange"},
    AbilityRow{Ability::fifo, "fifo", "does not support FIFOs", OnFat::lacks},
    AbilityRow{Ability::socket, "socket", "does not support unix sockets", OnFat::lacks},
    AbilityRow{Ability::xattr, "xattr", "does not support extended attributes"},
    AbilityRow{Ability::acl, "acl", "does not support access control lists", OnFat::lacks},
    AbilityRow{Ability::fsync, "fsync", "does not support fsync"},
    AbilityRow{Ability::syncfs, "syncfs", "does not support syncfs"},
    AbilityRow{Ability::lock, "lock", "does not support locks"},
    AbilityRow{Ability::mtime_ns, "mtime-ns", "keeps only coarse timestamps"},
    AbilityRow{Ability::case_sensitive, "case-sensitive", "does not distinguish upper and lower case", OnFat::lacks},
};

constexpr const AbilityRow& row_of(Ability ability)
{
    return abilities[static_cast<std::size_t>(ability)];
}

// Is a table of one row for each ability in their order?
template <class Rows>
constexpr bool is_for_all_abilities(const Rows& rows)
{
    if (rows.size() != abilities.size()) return false;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].ability) != i) return false;
    return true;
}
static_assert(is_for_all_abilities(abilities));

std::string_view name_of(Ability ability);
std::optional<Ability> ability_named(std::string_view name);

// "yes", "no (EPERM)", "lies", "on this machine only", "not tested", and back: nothing where the text is not one of
// ours.
std::string text_of(const Tested& tested);
std::optional<Tested> tested_from(std::string_view text);

}  // namespace mailstate
