// SPDX-License-Identifier: MIT
#include "posix/container.hpp"

#include <gtest/gtest.h>

#include "unit/posix/recorded.hpp"

namespace mailstate {
namespace {

constexpr const char* id = "0c5d9bb9b0d94e1c2d1f3ab0f5b2a6c7d8e9f00112233445566778899aabbccd";

TEST(Container, IsRecognisedByItsSigns)
{
    EXPECT_EQ(recognise_container({}), "");
    EXPECT_EQ(recognise_container({.dockerenv = true}), "docker");
    EXPECT_EQ(recognise_container({.containerenv = true}), "podman");
    EXPECT_EQ(recognise_container({.variable = "podman"}), "podman");
    EXPECT_EQ(recognise_container({.variable = "lxc"}), "lxc");
    EXPECT_EQ(recognise_container({.variable = "systemd-nspawn"}), "systemd-nspawn");
    EXPECT_EQ(recognise_container({.cgroup = "0::/system.slice/docker-0c5d.scope\n12:pids:/docker/0c5d\n"}), "docker");
    EXPECT_EQ(recognise_container({.cgroup = "0::/user.slice/libpod-0c5d.scope\n"}), "podman");
    EXPECT_EQ(recognise_container({.cgroup = "4:memory:/lxc/web\n"}), "lxc");
    EXPECT_EQ(recognise_container({.cgroup = "0::/user.slice/user-0.slice\n"}), "");
}

TEST(Container, OfKubernetesIsNotTakenForTheRuntimeBelow)
{
    EXPECT_EQ(recognise_container({.kubernetes_service = true, .dockerenv = true}), "kubernetes");
    EXPECT_EQ(recognise_container({.cgroup = "0::/kubepods.slice/kubepods-pod7d1f.slice/docker-0c5d.scope\n"}),
              "kubernetes");
}

TEST(ContainerId, StandsInTheSourceOfItsHostname)
{
    EXPECT_EQ(container_id_of(recorded("mountinfo_docker"), ""), id);
    EXPECT_EQ(container_id_of(recorded("mountinfo_kubernetes"), ""),
              "aaaabbbbccccddddeeeeffff00001111aaaabbbbccccddddeeeeffff00001111");
}

TEST(ContainerId, OfPodmanStandsThereToo)
{
    const auto line = "9 1 8:1 /var/lib/containers/storage/overlay-containers/" + std::string(id) +
                      "/userdata/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n";
    EXPECT_EQ(container_id_of(line, ""), id);
}

TEST(ContainerId, StandsInTheControlGroupElsewhere)
{
    EXPECT_EQ(container_id_of(recorded("mountinfo_host"), "0::/system.slice/docker-" + std::string(id) + ".scope\n"),
              id);
    EXPECT_EQ(container_id_of("", "12:pids:/docker/" + std::string(id) + "\n"), id);
}

TEST(ContainerId, IsNotThatOfAContainerTheHostRuns)
{
    const auto line = "9 1 0:70 /x /var/lib/docker/containers/" + std::string(id) + "/mounts/shm rw - tmpfs shm rw\n" +
                      "10 1 8:1 /containers/" + id + "/shm /srv rw - ext4 /dev/sda1 rw\n";
    EXPECT_EQ(container_id_of(line, "0::/init.scope\n"), "");
}

TEST(ContainerId, HasSixtyFourDigits)
{
    EXPECT_EQ(container_id_of("", "0::/docker/" + std::string(id).substr(1) + "\n"), "");
    EXPECT_EQ(container_id_of("", "0::/docker/" + std::string(id) + "0\n"), "");
    EXPECT_EQ(container_id_of("garbage", ""), "");
}

}  // namespace
}  // namespace mailstate
