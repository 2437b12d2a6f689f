// SPDX-License-Identifier: MIT
#include "mailstate/layout.hpp"

#include <algorithm>
#include <cassert>

namespace mailstate {

std::string destination_path(const Layout& layout, const Entry& entry)
{
    return layout.state_dir + '/' + entry.destination;
}

const Entry& entry_named(const Layout& layout, const std::string& name)
{
    const auto is_it = [&](const Entry& entry) { return entry.name == name; };
    const auto found = std::find_if(layout.entries.begin(), layout.entries.end(), is_it);
    assert(found != layout.entries.end());
    return *found;
}

const std::vector<std::string>& capability_names()
{
    static const std::vector<std::string> names = {
        "create", "chown", "sgid", "symlink", "hardlink", "rename", "noreplace", "exchange",       "fifo",
        "socket", "xattr", "acl",  "fsync",   "syncfs",   "lock",   "mtime-ns",  "case-sensitive",
    };
    return names;
}

}  // namespace mailstate
