// SPDX-License-Identifier: MIT
#include "posix/held_place.hpp"

#include <algorithm>

#include "posix/below.hpp"

namespace mailstate {

std::optional<InnerPlace> inner_place(const MountTable& table, std::string_view path)
{
    const Mount* const mount = table.covering(path);
    if (mount == nullptr) return std::nullopt;
    return InnerPlace{mount->device, path_of(mount->subtree, rest_below(mount->mount_point, path))};
}

std::vector<std::string> ways_to(const MountTable& table, const InnerPlace& place)
{
    std::vector<std::string> ways;
    for (const Mount& mount : table.all()) {
        if (mount.device != place.device) continue;
        if (is_at_or_below(mount.subtree, place.path))
            ways.push_back(path_of(mount.mount_point, rest_below(mount.subtree, place.path)));
        else if (is_at_or_below(place.path, mount.subtree))
            ways.push_back(mount.mount_point);
    }
    return ways;
}

PlaceInView::PlaceInView(View view, InnerPlace place)
    : view_(std::move(view)), place_(std::move(place)), ways_(ways_to(view_.mounts, place_))
{
}

bool PlaceInView::holds(std::string_view link_text) const
{
    if (!is_at_or_below(view_.root, link_text)) return false;
    const std::string_view rest = rest_below(view_.root, link_text);
    const std::string_view path = rest.empty() ? "/" : rest;
    const auto leads_there = [&](const std::string& way) { return is_at_or_below(way, path); };
    if (std::none_of(ways_.begin(), ways_.end(), leads_there)) return false;
    const std::optional<InnerPlace> found = inner_place(view_.mounts, path);
    return found && found->device == place_.device && is_at_or_below(place_.path, found->path);
}

}  // namespace mailstate
