// SPDX-License-Identifier: MIT
// Paths of the fake filesystem: from text to a place, and back.
#include <algorithm>
#include <cerrno>
#include <deque>

#include "fake/fake_state.hpp"

namespace mailstate {

namespace {

void push_components(std::deque<std::string>& parts, std::string_view path)
{
    std::deque<std::string> found;
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        if (end > at && path.substr(at, end - at) != ".") found.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    parts.insert(parts.begin(), found.begin(), found.end());
}

}  // namespace

Result<FakePlace> FakeState::walk(std::string_view absolute) const
{
    constexpr int most_links = 40;  // path_resolution(7)
    std::vector<FakePlace> way{root()};
    std::deque<std::string> parts;
    push_components(parts, absolute);
    for (int links = 0; !parts.empty();) {
        const std::string part = std::move(parts.front());
        parts.pop_front();
        if (way.back().node->attributes.kind != Kind::directory) {
            return fake_failure(ENOTDIR, "openat2", std::string(absolute));
        }
        if (part == "..") {
            if (way.size() > 1) way.pop_back();
            continue;
        }
        const auto next = child(way.back(), part);
        if (!next) return fake_failure(ENOENT, "openat2", std::string(absolute));
        if (next->node->attributes.kind != Kind::symlink) {
            way.push_back(*next);
            continue;
        }
        if (++links > most_links) return fake_failure(ELOOP, "openat2", std::string(absolute));
        if (next->node->content.starts_with('/')) way.resize(1);
        push_components(parts, next->node->content);
    }
    return way.back();
}

std::string FakeState::path_of(const FakePlace& directory) const
{
    std::string path;
    const FakeNode* node = directory.node.get();
    for (int mount_id = directory.mount;;) {
        client.weighed(*node);
        const FakeMount& mount = mount_of(mount_id);
        if (node != mount.root.get()) {
            if (node->parent == nullptr) break;  // removed since
            path.insert(0, "/" + node->name);
            node = node->parent;
            continue;
        }
        if (!mount.covered) break;  // the root of all
        mount_id = mount.line.parent;
        node = mount.covered.get();
        if (node->attributes.kind == Kind::directory) continue;
        path.insert(0, "/" + mount.covered_name);  // a file: it does not know where it is
        node = mount.covered_in.get();
    }
    return path.empty() ? "/" : path;
}

MountTable FakeState::table() const
{
    if (told) return *told;
    std::vector<Mount> lines;
    for (const FakeMount& mount : mounts) {
        Mount line = mount.line;
        if (mount.covered) line.mount_point = path_of({mount.root, mount.line.id});
        lines.push_back(std::move(line));
    }
    return MountTable(std::move(lines));
}

}  // namespace mailstate
