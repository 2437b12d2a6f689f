// SPDX-License-Identifier: MIT
#include "fake/fake_state.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace mailstate {

namespace {

constexpr std::size_t block = 4096;

// A block of zeros takes no space: that is what a hole is here.
std::uint64_t blocks_of(std::string_view content)
{
    std::uint64_t used = 0;
    for (std::size_t at = 0; at < content.size(); at += block) {
        if (content.substr(at, block).find_first_not_of('\0') != std::string_view::npos) used += block / 512;
    }
    return used;
}

FilesystemFacts plain_facts()
{
    FilesystemFacts facts;
    facts.type = "ext4";  // local, and trusted
    facts.source = "fake";
    facts.options = "rw";
    facts.fsid = "0000000000000001";
    facts.kind = FilesystemClass::local;
    facts.free_bytes = std::uint64_t{1} << 40;
    facts.free_inodes = std::numeric_limits<std::uint64_t>::max();
    return facts;
}

}  // namespace

Failure fake_failure(int number, std::string_view call, std::string subject, std::string message)
{
    return fail(Error{number, std::string(call), std::move(subject), std::move(message), {}});
}

Result<> check_fake_name(std::string_view call, const Name& item)
{
    if (item.name.empty()) return fake_failure(ENOENT, call, item.at->path().text());
    if (item.name == "." || item.name == ".." ||
        item.name.find_first_of(std::string_view("/\0", 2)) != std::string_view::npos) {
        return fake_failure(EINVAL, call, item.path(), "a name must be one component");
    }
    if (item.name.size() > 255) return fake_failure(ENAMETOOLONG, call, item.path());
    return {};
}

FakeState::FakeState(std::uint32_t machine) : next_device(0x101 + machine * 0x1000), machine_(machine)
{
    constexpr std::uint64_t inodes_of_a_machine = 1'000'000;
    next_inode_ += machine * inodes_of_a_machine;
    process.effective_capabilities = std::numeric_limits<std::uint64_t>::max();
    process.uid_map = process.gid_map = {{0, 0, std::numeric_limits<std::uint32_t>::max()}};
    holder = {"machine-" + std::to_string(machine), "", "boot-" + std::to_string(machine), "2023-11-14T22:13:20Z", 1};
    FakeMount top;
    top.line.id = 1;
    top.line.device = 0x100;
    top.line.subtree = "/";
    top.line.mount_point = "/";
    top.line.fs_type = "fake";
    top.line.source = "fake";
    top.line.options = "rw";
    top.root = make(Kind::directory, Mode{0755}, top.line.device);
    top.facts = plain_facts();
    mounts.push_back(std::move(top));
}

Result<> FakeState::ask(std::string_view call, const std::string& subject) const
{
    const int number = hook ? hook(call, subject) : 0;
    if (number != 0) return fake_failure(number, call, subject);
    return {};
}

FakeNodeRef FakeState::make(Kind kind, Mode mode, std::uint64_t device)
{
    auto node = std::make_shared<FakeNode>();
    node->attributes.kind = kind;
    node->attributes.mode = mode;
    node->attributes.device = device;
    node->attributes.inode = next_inode_++;
    node->attributes.links = 0;
    node->attributes.atime = node->attributes.mtime = node->attributes.ctime = tick();
    return node;
}

void FakeState::insert(FakeNode& directory, std::string_view name, const FakeNodeRef& node)
{
    directory.children.insert_or_assign(std::string(name), node);
    client.renamed(directory, name);
    if (node->attributes.kind == Kind::directory) {
        node->parent = &directory;
        node->name = name;
    }
    ++node->attributes.links;
    changed(*node);
    written(directory);
}

// What this machine changes it sees as it is.
void FakeState::changed(FakeNode& node)
{
    node.attributes.ctime = tick();
    client.changed(node);
}

void FakeState::forget()
{
    for (const auto& [node, owner] : remembered) node->attributes.owner = owner;
    remembered.clear();
}

void FakeState::written(FakeNode& node)
{
    node.attributes.mtime = node.attributes.ctime = tick();
    client.written(node);
}

void FakeState::take_out(FakeNode& directory, std::string_view name)
{
    const auto found = directory.children.find(name);
    FakeNode& node = *found->second;
    --node.attributes.links;
    changed(node);
    directory.children.erase(found);
    client.renamed(directory, name);
    written(directory);
}

FakeMount& FakeState::mount_of(int id)
{
    return *std::ranges::find(mounts, id, [](const FakeMount& mount) { return mount.line.id; });
}

const FakeMount& FakeState::mount_of(int id) const
{
    return *std::ranges::find(mounts, id, [](const FakeMount& mount) { return mount.line.id; });
}

FakePlace FakeState::root() const
{
    return enter({mounts.front().root, mounts.front().line.id});
}

FakePlace FakeState::enter(const FakePlace& at) const
{
    FakePlace here = at;
    for (bool moved = true; moved;) {
        moved = false;
        for (const FakeMount& mount : mounts) {
            if (mount.covered != here.node || mount.line.parent != here.mount) continue;
            here = {mount.root, mount.line.id};
            moved = true;
        }
    }
    return here;
}

std::optional<FakePlace> FakeState::child(const FakePlace& at, std::string_view name) const
{
    const auto found = at.node->children.find(name);
    client.looked_up(*at.node, name, found == at.node->children.end() ? nullptr : found->second.get());
    if (found == at.node->children.end()) return std::nullopt;
    return enter({found->second, at.mount});
}

std::optional<FakePlace> FakeState::seen_child(const FakePlace& at, std::string_view name, FakeLook look) const
{
    const FakeNodeRef* const remembered = client.remembered(*at.node, name, look);
    if (remembered == nullptr) {
        const auto found = at.node->children.find(name);
        client.remember(*at.node, name, found == at.node->children.end() ? nullptr : found->second);
        return child(at, name);
    }
    client.looked_up(*at.node, name, remembered->get());
    if (!*remembered) return std::nullopt;
    return enter({*remembered, at.mount});
}

std::vector<std::string> FakeState::seen_names(const FakePlace& at) const
{
    std::vector<std::string> names = client.names(*at.node);
    client.listed(*at.node, names);
    return names;
}

bool FakeState::is_mount_point(const FakePlace& at, std::string_view name) const
{
    const auto found = child(at, name);
    return found && found->mount != at.mount;
}

bool FakeState::read_only(const FakePlace& at) const
{
    return mount_of(at.mount).line.read_only;
}

Attributes FakeState::attributes_of(const FakePlace& place) const
{
    Attributes seen = place.node->attributes;
    seen.mount_id = static_cast<std::uint64_t>(place.mount);
    seen.mount_root = mount_of(place.mount).root == place.node;
    seen.size = place.node->content.size();
    if (seen.kind == Kind::regular) seen.blocks = blocks_of(place.node->content);
    if (seen.kind == Kind::directory) {
        const auto is_directory = [](const auto& entry) { return entry.second->attributes.kind == Kind::directory; };
        seen.links = 2 + static_cast<std::uint32_t>(std::ranges::count_if(place.node->children, is_directory));
    }
    client.saw(*place.node, seen);
    return seen;
}

}  // namespace mailstate
