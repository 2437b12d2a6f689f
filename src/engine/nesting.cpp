// SPDX-License-Identifier: MIT
#include "engine/nesting.hpp"

#include <algorithm>
#include <cerrno>

#include "posix/below.hpp"

namespace mailstate {

namespace {

// path: at or below the mount point.
FilesystemPath position_in(const Mount& mount, const std::string& path)
{
    const std::string rest(rest_below(mount.mount_point, path));
    const std::string whole = (mount.subtree == "/" ? "" : mount.subtree) + rest;
    return {mount.device, whole.empty() ? "/" : whole};
}

}  // namespace

Result<Whereabouts> whereabouts(const Reader& reader, const MountTable& mounts, const DirectoryRef& directory)
{
    Whereabouts found{TRY(reader.ancestry(directory)), {}};
    const Result<Path> located = reader.location(directory);
    if (!located && located.error().number == EXDEV) return found;  // outside of the root: the table has no line of it
    const std::string path = TRY(located).string();
    const std::uint64_t id = found.above.front().mount_id;
    const std::vector<Mount>& all = mounts.all();
    const auto mount = std::find_if(all.begin(), all.end(),
                                    [&](const Mount& each) { return static_cast<std::uint64_t>(each.id) == id; });
    if (mount == all.end() || !is_at_or_below(mount->mount_point, path)) return found;
    found.positions.push_back(position_in(*mount, path));
    for (const Mount* below : mounts.below(path)) found.positions.push_back({below->device, below->subtree});
    return found;
}

bool is_inside(const Whereabouts& inner, const Whereabouts& outer)
{
    const Attributes& directory = outer.above.front();
    if (std::any_of(inner.above.begin(), inner.above.end(),
                    [&](const Attributes& above) { return same_inode(above, directory); }))
        return true;
    if (inner.positions.empty()) return false;
    const FilesystemPath& position = inner.positions.front();
    return std::any_of(outer.positions.begin(), outer.positions.end(), [&](const FilesystemPath& each) {
        return each.device == position.device && is_at_or_below(each.path, position.path);
    });
}

}  // namespace mailstate
