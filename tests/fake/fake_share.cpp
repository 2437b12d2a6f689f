// SPDX-License-Identifier: MIT
// Filesystems of several machines that share a volume, and their copies.
#include <cerrno>

#include "fake/fake_filesystem.hpp"
#include "fake/fake_state.hpp"
#include "fs/digest.hpp"

namespace mailstate {

namespace {

// Of a node and all below it: names of one inode, and what several filesystems share, stay one.
class Copier {
public:
    FakeNodeRef copy(const FakeNodeRef& node)
    {
        if (!node) return nullptr;
        if (const auto known = copies_.find(node.get()); known != copies_.end()) return known->second;
        auto made = std::make_shared<FakeNode>(*node);
        copies_.emplace(node.get(), made);
        for (auto& [name, child] : made->children) {
            child = copy(child);
            if (child->attributes.kind == Kind::directory) child->parent = made.get();
        }
        return made;
    }

    FakeMount copy(const FakeMount& mount)
    {
        FakeMount made = mount;
        made.root = copy(mount.root);
        made.covered = copy(mount.covered);
        made.covered_in = copy(mount.covered_in);
        return made;
    }

private:
    std::map<const FakeNode*, FakeNodeRef> copies_;
};

}  // namespace

FakeState::FakeState(const FakeState& other)
    : quirks(other.quirks),
      told(other.told),
      next_mount(other.next_mount),
      next_device(other.next_device),
      machine_(other.machine_),
      ticks_(other.ticks_),
      next_inode_(other.next_inode_)
{
    client.devices = other.client.devices;
}

std::vector<FakeFilesystem> FakeFilesystem::copies(const std::vector<const FakeFilesystem*>& all)
{
    Copier copier;
    std::vector<FakeFilesystem> made;
    for (const FakeFilesystem* const one : all) {
        auto state = std::make_shared<FakeState>(*one->state_);
        for (const FakeMount& mount : one->state_->mounts) state->mounts.push_back(copier.copy(mount));
        made.push_back(FakeFilesystem(std::move(state)));
    }
    return made;
}

Result<> FakeFilesystem::share(const FakeFilesystem& other, const Path& there, const Path& at)
{
    const FakePlace place = TRY(other.state_->walk(there.string()));
    const FakeMount& shown = other.state_->mount_of(place.mount);
    if (place.node != shown.root) return fake_failure(EINVAL, "mount", there.string(), "is no mount point");
    const std::uint64_t device = shown.line.device;
    TRY(cover_fake(*state_, at, shown));
    for (const FakeFilesystem* const machine : {&other, static_cast<const FakeFilesystem*>(this)})
        machine->state_->client.devices.insert(device);
    return {};
}

Digest FakeFilesystem::shared_state() const
{
    std::string text;
    for (const FakeMount& mount : state_->mounts)
        if (state_->client.devices.contains(mount.line.device)) add_tree(text, *mount.root, "");
    return digest_of(text);
}

FakeClient& FakeFilesystem::client()
{
    return state_->client;
}

}  // namespace mailstate
