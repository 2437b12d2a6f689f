// SPDX-License-Identifier: MIT
// In which kind of container a process runs, and its id. Every runtime leaves other traces; these are pure functions
// of what was read.
#pragma once

#include <string>
#include <string_view>

namespace mailstate {

struct ContainerSigns {
    bool kubernetes_service = false;  // KUBERNETES_SERVICE_HOST is set, or a service account is mounted
    bool dockerenv = false;           // /.dockerenv
    bool containerenv = false;        // /run/.containerenv
    std::string variable{};           // "container" of this process, or what systemd noted in /run/systemd/container
    std::string cgroup{};             // /proc/self/cgroup
};

std::string recognise_container(const ContainerSigns& signs);  // as ProcessFacts::container

// Docker and podman mount hostname and resolv.conf from a directory named by the container's id; elsewhere the cgroup
// names it. Empty where neither does.
std::string container_id_of(std::string_view mountinfo, std::string_view cgroup);

}  // namespace mailstate
