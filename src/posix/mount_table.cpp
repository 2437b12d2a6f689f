// SPDX-License-Identifier: MIT
#include "mailstate/posix/mount_table.hpp"

#include <algorithm>
#include <set>

#include "posix/below.hpp"

namespace mailstate {
namespace {

// The mount that the table starts at: the one on "/" whose parent is not shown. The root of all is its own parent.
const Mount* root_of(const std::vector<Mount>& mounts, const std::set<int>& ids)
{
    const auto found = std::find_if(mounts.begin(), mounts.end(), [&](const Mount& mount) {
        return mount.mount_point == "/" && (mount.parent == mount.id || !ids.contains(mount.parent));
    });
    return found == mounts.end() ? nullptr : &*found;
}

// One lookup after another through the same table.
class Lookup {
public:
    explicit Lookup(const std::vector<Mount>& mounts) : mounts_(mounts)
    {
        for (const auto& mount : mounts) ids_.insert(mount.id);
        root_ = root_of(mounts, ids_);
    }

    [[nodiscard]] const Mount* root() const { return root_; }

    // From mount to mount, as a walk along the path meets them: the shortest mount point comes first, and a mount on
    // the root of another (equal mount points) is met right after it. The count ends loops in a table that lies.
    [[nodiscard]] const Mount* covering(std::string_view path) const
    {
        const auto* mount = root_;
        for (std::size_t steps = 0; steps <= mounts_.size(); ++steps) {
            const auto* const next = next_on(mount, path);
            if (next == nullptr) return mount;
            mount = next;
        }
        return mount;
    }

private:
    // A process whose root is no mount point sees a table without "/": its mounts' parent is not shown.
    [[nodiscard]] bool is_child(const Mount& mount, const Mount* parent) const
    {
        if (&mount == root_) return false;
        return parent == nullptr ? !ids_.contains(mount.parent) : mount.parent == parent->id && mount.id != parent->id;
    }

    [[nodiscard]] const Mount* next_on(const Mount* parent, std::string_view path) const
    {
        const Mount* next = nullptr;
        for (const auto& mount : mounts_) {
            if (!is_child(mount, parent) || !is_at_or_below(mount.mount_point, path)) continue;
            if (next == nullptr || mount.mount_point.size() < next->mount_point.size()) next = &mount;
        }
        return next;
    }

    const std::vector<Mount>& mounts_;
    std::set<int> ids_;
    const Mount* root_ = nullptr;
};

// Follows the parents up. The count ends loops in a table that lies.
bool descends_from(const std::vector<Mount>& mounts, const Mount& mount, const Mount& ancestor)
{
    const auto* at = &mount;
    for (std::size_t steps = 0; steps <= mounts.size(); ++steps) {
        if (at->id == ancestor.id) return true;
        const auto above =
            std::find_if(mounts.begin(), mounts.end(), [&](const Mount& other) { return other.id == at->parent; });
        if (above == mounts.end()) return false;
        at = &*above;
    }
    return false;
}

}  // namespace

const Mount* MountTable::covering(std::string_view path) const
{
    return Lookup(mounts_).covering(path);
}

const Mount* MountTable::at(std::string_view path) const
{
    const auto* const mount = covering(path);
    return mount != nullptr && mount->mount_point == path ? mount : nullptr;
}

std::vector<const Mount*> MountTable::below(std::string_view path) const
{
    const Lookup lookup(mounts_);
    std::vector<const Mount*> found;
    for (const auto& mount : mounts_) {
        if (mount.mount_point == path || !is_at_or_below(path, mount.mount_point)) continue;
        if (lookup.covering(mount.mount_point) == &mount) found.push_back(&mount);
    }
    std::sort(found.begin(), found.end(),
              [](const Mount* a, const Mount* b) { return a->mount_point < b->mount_point; });
    return found;
}

MountTable MountTable::inside(std::string_view root) const
{
    if (root == "/") return *this;
    const auto* const cover = covering(root);
    std::vector<Mount> kept;
    for (const auto& mount : mounts_) {
        const bool is_cover = &mount == cover;
        const bool is_below = mount.mount_point != root && is_at_or_below(root, mount.mount_point) &&
                              (cover == nullptr || descends_from(mounts_, mount, *cover));
        if (!is_cover && !is_below) continue;
        auto seen = mount;
        if (is_cover) {
            seen.subtree = path_of(mount.subtree, rest_below(mount.mount_point, root));
            seen.mount_point = "/";
        } else {
            seen.mount_point = rest_below(root, mount.mount_point);
        }
        kept.push_back(std::move(seen));
    }
    return MountTable(std::move(kept));
}

}  // namespace mailstate
