// SPDX-License-Identifier: MIT
#include "mailstate/model/layout.hpp"

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

const Entry* entry_at(const Layout& layout, std::string_view origin)
{
    const auto found = std::ranges::find(layout.entries, origin, &Entry::origin);
    return found == layout.entries.end() ? nullptr : &*found;
}

}  // namespace mailstate
