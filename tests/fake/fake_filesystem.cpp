// SPDX-License-Identifier: MIT
#include "fake/fake_filesystem.hpp"

#include <algorithm>
#include <cerrno>

#include "fake/fake_state.hpp"

namespace mailstate {

namespace {

// The node of a path whose last component is not followed.
Result<FakeNodeRef> node_at(const FakeState& state, const Path& path)
{
    const FakePlace parent = TRY(state.walk(path.parent_path().string()));
    const auto found = state.child(parent, path.filename().string());
    if (!found) return fake_failure(ENOENT, "openat", path.string());
    return found->node;
}

// mountinfo's root of a bind mount of a directory.
std::string path_within(const FakeNode& node, const FakeMount& mount)
{
    std::string path;
    for (const FakeNode* at = &node; at != mount.root.get() && at != nullptr; at = at->parent)
        path.insert(0, "/" + at->name);
    return (mount.line.subtree == "/" ? "" : mount.line.subtree) + path;
}

std::string fsid_of(std::uint64_t device)
{
    const std::string digits = std::to_string(device);
    return std::string(16 - digits.size(), '0') + digits;
}

}  // namespace

Result<> cover_fake(FakeState& state, const Path& at, FakeMount mount)
{
    const FakePlace parent = TRY(state.walk(at.parent_path().string()));
    const auto covered = state.child(parent, at.filename().string());
    if (!covered) return fake_failure(ENOENT, "mount", at.string());
    mount.line.id = state.next_mount++;
    mount.line.parent = covered->mount;
    mount.covered = covered->node;
    mount.covered_in = parent.node;
    mount.covered_name = at.filename().string();
    state.mounts.push_back(std::move(mount));
    return {};
}

FakeFilesystem::FakeFilesystem(std::uint32_t machine) : FakeFilesystem(std::make_shared<FakeState>(machine)) {}

FakeFilesystem::FakeFilesystem(std::shared_ptr<FakeState> state)
    : state_(std::move(state)), reader_(make_fake_reader(state_)), writer_(make_fake_writer(state_))
{
}

const Reader& FakeFilesystem::reader() const
{
    return *reader_;
}

Writer& FakeFilesystem::writer()
{
    return *writer_;
}

void FakeFilesystem::set_open_files(std::vector<OpenFile> files)
{
    const auto held = state_->hold();
    state_->open_files = std::move(files);
}

void FakeFilesystem::set_hook(FakeHook hook)
{
    const auto held = state_->hold();
    state_->hook = std::move(hook);
}

void FakeFilesystem::set_quirks(FakeQuirks quirks)
{
    const auto held = state_->hold();
    state_->quirks = quirks;
}

void FakeFilesystem::set_facts(const Path& on, FilesystemFacts facts)
{
    const auto held = state_->hold();
    const auto place = state_->walk(on.string());
    if (!place) return;
    FakeMount& mount = state_->mount_of(place->mount);
    if (facts.fsid.empty()) facts.fsid = mount.facts.fsid;
    mount.facts = std::move(facts);
}

Result<> FakeFilesystem::mount(const Path& at, Mount line)
{
    const auto held = state_->hold();
    FakeMount mount;
    mount.facts = state_->mounts.front().facts;
    mount.facts.type = line.fs_type;
    mount.facts.source = line.source;
    mount.facts.options = line.options;
    mount.facts.read_only = line.read_only;
    mount.facts.nosuid = line.nosuid;
    line.device = state_->next_device++;
    mount.facts.fsid = fsid_of(line.device);
    if (line.subtree.empty()) line.subtree = "/";
    mount.root = state_->make(Kind::directory, Mode{0755}, line.device);
    mount.line = std::move(line);
    return cover_fake(*state_, at, std::move(mount));
}

Result<> FakeFilesystem::bind(const Path& source, const Path& at)
{
    const auto held = state_->hold();
    const FakePlace place = TRY(state_->walk(source.string()));
    FakeMount mount = state_->mount_of(place.mount);
    const bool is_directory = place.node->attributes.kind == Kind::directory;
    if (place.node != mount.root && is_directory) mount.line.subtree = path_within(*place.node, mount);
    if (place.node != mount.root && !is_directory) mount.line.subtree = source.string();
    mount.root = place.node;
    return cover_fake(*state_, at, std::move(mount));
}

Result<> FakeFilesystem::unmount(const Path& at)
{
    const auto held = state_->hold();
    const FakePlace place = TRY(state_->walk(at.string()));
    const FakeMount& mount = state_->mount_of(place.mount);
    if (place.node != mount.root || !mount.covered) return fake_failure(EINVAL, "umount2", at.string());
    std::erase_if(state_->mounts, [&](const FakeMount& other) { return other.line.id == place.mount; });
    return {};
}

void FakeFilesystem::set_mounts(MountTable table)
{
    const auto held = state_->hold();
    state_->told = std::move(table);
}

Result<> FakeFilesystem::write_at(const Path& file, std::uint64_t offset, std::string_view bytes)
{
    const auto held = state_->hold();
    FakeNode& node = *TRY(node_at(*state_, file));
    if (node.content.size() < offset + bytes.size()) node.content.resize(offset + bytes.size());
    std::ranges::copy(bytes, node.content.begin() + static_cast<std::ptrdiff_t>(offset));
    state_->written(node);
    return {};
}

Result<> FakeFilesystem::set_size(const Path& file, std::uint64_t size)
{
    const auto held = state_->hold();
    FakeNode& node = *TRY(node_at(*state_, file));
    node.content.resize(size);
    state_->written(node);
    return {};
}

Result<> FakeFilesystem::set_attribute(const Path& file, std::string name, std::string value)
{
    const auto held = state_->hold();
    FakeNode& node = *TRY(node_at(*state_, file));
    node.extended.insert_or_assign(std::move(name), std::move(value));
    state_->changed(node);
    return {};
}

Result<> FakeFilesystem::set_times(const Path& file, Timestamp atime, Timestamp mtime)
{
    const auto held = state_->hold();
    FakeNode& node = *TRY(node_at(*state_, file));
    node.attributes.atime = atime;
    node.attributes.mtime = mtime;
    state_->changed(node);
    return {};
}

Result<> FakeFilesystem::set_immutable(const Path& file, bool immutable)
{
    const auto held = state_->hold();
    TRY(node_at(*state_, file))->attributes.immutable = immutable;
    return {};
}

Result<> FakeFilesystem::make_socket(const Path& path)
{
    const auto held = state_->hold();
    const FakePlace parent = TRY(state_->walk(path.parent_path().string()));
    const std::string name = path.filename().string();
    if (parent.node->children.contains(name)) return fake_failure(EADDRINUSE, "bind", path.string());
    const auto node = state_->make(Kind::socket, Mode{0755}, parent.node->attributes.device);
    state_->insert(*parent.node, name, node);
    return {};
}

Result<> FakeFilesystem::listen_on(const Path& socket)
{
    const auto held = state_->hold();
    const FakePlace parent = TRY(state_->walk(socket.parent_path().string()));
    const auto found = state_->child(parent, socket.filename().string());
    if (!found) return fake_failure(ENOENT, "bind", socket.string());
    found->node->listening = true;
    return {};
}

void FakeFilesystem::set_process(ProcessFacts process)
{
    const auto held = state_->hold();
    state_->process = std::move(process);
}

void FakeFilesystem::set_processes(std::set<int> pids)
{
    const auto held = state_->hold();
    state_->processes = std::move(pids);
}

}  // namespace mailstate
