// SPDX-License-Identifier: MIT
#include "model/storage_names.hpp"

#include <algorithm>
#include <array>

namespace mailstate {

using namespace std::string_view_literals;

static bool is_called(std::string_view name, std::string_view pattern)
{
    if (!pattern.ends_with('*')) return name == pattern;
    pattern.remove_suffix(1);
    return name.starts_with(pattern);
}

bool is_storage_name(std::string_view name, const std::vector<std::string>& further)
{
    static constexpr std::array names{"lost+found"sv, ".snapshot"sv, ".snapshots"sv, ".zfs"sv,       "@eaDir"sv,
                                      "#recycle"sv,   ".trashcan"sv, ".Trash-*"sv,   ".glusterfs"sv, ".DS_Store"sv};
    const auto is_it = [name](std::string_view pattern) { return is_called(name, pattern); };
    return std::ranges::any_of(names, is_it) || std::ranges::any_of(further, is_it);
}

bool is_removed_but_open(std::string_view name)
{
    for (const std::string_view prefix : {".nfs"sv, ".fuse_hidden"sv}) {
        if (!name.starts_with(prefix)) continue;
        const std::string_view rest = name.substr(prefix.size());
        return !rest.empty() && rest.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    }
    return false;
}

}  // namespace mailstate
