// SPDX-License-Identifier: MIT
#include "posix/container.hpp"

#include <algorithm>
#include <cstddef>

#include "mailstate/posix/mount_table.hpp"

namespace mailstate {
namespace {

constexpr std::size_t id_length = 64;

bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// The 64 hexadecimal digits that a text starts with, when no further one follows.
std::string_view leading_id(std::string_view text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_hex);
    return end - text.begin() == id_length ? text.substr(0, id_length) : std::string_view();
}

std::string_view id_after(std::string_view text, std::string_view marker)
{
    for (auto at = text.find(marker); at != std::string_view::npos; at = text.find(marker, at + 1)) {
        const auto id = leading_id(text.substr(at + marker.size()));
        if (!id.empty()) return id;
    }
    return {};
}

std::string_view id_anywhere(std::string_view text)
{
    while (!text.empty()) {
        const auto id = leading_id(text);
        if (!id.empty()) return id;
        const auto rest = std::find_if_not(text.begin(), text.end(), is_hex);
        const auto skipped = static_cast<std::size_t>(rest - text.begin());
        text.remove_prefix(std::min(skipped + 1, text.size()));
    }
    return {};
}

}  // namespace

std::string recognise_container(const ContainerSigns& signs)
{  // Kubernetes first: its containers carry the signs of the runtime below as well.
    if (signs.kubernetes_service || holds(signs.cgroup, "kubepods")) return "kubernetes";
    if (signs.containerenv || signs.variable == "podman" || holds(signs.cgroup, "/libpod-")) return "podman";
    if (signs.dockerenv || signs.variable == "docker" || holds(signs.cgroup, "/docker")) return "docker";
    if (signs.variable == "lxc" || holds(signs.cgroup, "/lxc")) return "lxc";
    return signs.variable;  // "systemd-nspawn" and whatever else names itself
}

std::string container_id_of(std::string_view mountinfo, std::string_view cgroup)
{
    const auto mounts = parse_mountinfo(mountinfo);
    for (const auto& mount : mounts ? mounts->all() : std::vector<Mount>()) {
        // Only these: a host shows the mounts of all its containers.
        if (mount.mount_point != "/etc/hostname" && mount.mount_point != "/etc/resolv.conf") continue;
        for (const std::string_view marker : {"containers/", "sandboxes/"}) {
            const auto id = id_after(mount.subtree, marker);
            if (!id.empty()) return std::string(id);
        }
    }
    return std::string(id_anywhere(cgroup));
}

}  // namespace mailstate
