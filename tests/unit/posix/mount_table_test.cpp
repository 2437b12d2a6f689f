// SPDX-License-Identifier: MIT
#include "mailstate/posix/mount_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/posix/recorded.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MountTable table_of(const std::string& text)
{
    auto table = parse_mountinfo(text);
    if (!table) throw std::runtime_error(describe(table.error()));
    return std::move(table).value();
}

Mount mount(int id, int parent, std::string mount_point)
{
    Mount made;
    made.id = id;
    made.parent = parent;
    made.subtree = "/";
    made.mount_point = std::move(mount_point);
    return made;
}

int id_of(const Mount* found)
{
    return found == nullptr ? 0 : found->id;
}

std::vector<int> ids_of(const std::vector<const Mount*>& mounts)
{
    std::vector<int> ids;
    for (const auto* found : mounts) ids.push_back(found->id);
    return ids;
}

TEST(MountTable, FindsTheMountThatCoversAPath)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    EXPECT_EQ(id_of(table.covering("/")), 1045);
    EXPECT_EQ(id_of(table.covering("/var/lib/postfix")), 1045);
    EXPECT_EQ(id_of(table.covering("/var/mail-state")), 1054);
    EXPECT_EQ(id_of(table.covering("/var/mail-state/lib-redis")), 1054);
    EXPECT_EQ(id_of(table.covering("/dev/shm/x")), 1052);
}

TEST(MountTable, ComparesWholeNames)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    EXPECT_EQ(id_of(table.covering("/var/mail-states")), 1045);
    EXPECT_EQ(id_of(table.covering("/var/mail")), 1053);
    EXPECT_EQ(id_of(table.covering("/var/mai")), 1045);
}

TEST(MountTable, TellsAMountPointFromWhatIsBelowIt)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    EXPECT_EQ(id_of(table.at("/")), 1045);
    EXPECT_EQ(id_of(table.at("/var/lib/redis")), 1056);
    EXPECT_EQ(id_of(table.at("/etc/hosts")), 1059);
    EXPECT_EQ(table.at("/var/lib/redis/appendonlydir"), nullptr);
    EXPECT_EQ(table.at("/var/lib"), nullptr);
}

TEST(MountTable, ListsWhatIsMountedBelow)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    EXPECT_THAT(ids_of(table.below("/var")), ElementsAre(1056, 1053, 1054));
    EXPECT_THAT(ids_of(table.below("/dev")), ElementsAre(1051, 1048, 1052));
    EXPECT_THAT(ids_of(table.below("/var/lib/redis")), IsEmpty());
    EXPECT_EQ(table.below("/").size(), table.all().size() - 1);
}

TEST(MountTable, SeesKubernetesSubPathsAsMounts)
{
    const auto table = table_of(recorded("mountinfo_kubernetes"));
    EXPECT_EQ(id_of(table.covering("/var/mail-state/lib-postfix")), 2122);
    EXPECT_TRUE(table.covering("/tmp/docker-mailserver/x.cf")->read_only);
    EXPECT_THAT(ids_of(table.below("/run")), ElementsAre(2123));
}

TEST(MountTable, TellsBindMountsOfOneFilesystemApart)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    const auto* state = table.at("/var/mail-state");
    const auto* mail = table.at("/var/mail");
    EXPECT_EQ(state->device, mail->device);
    EXPECT_NE(state->id, mail->id);
    EXPECT_NE(state->subtree, mail->subtree);
}

TEST(MountTable, StartsAtTheRootMountedOverTheInitialOne)
{
    const auto table = table_of(recorded("mountinfo_host"));
    EXPECT_EQ(id_of(table.at("/")), 22);
    EXPECT_EQ(id_of(table.covering("/srv/mail state/x")), 32);
    EXPECT_EQ(id_of(table.covering("/srv/mail")), 31);
}

TEST(MountTable, DoesNotFindADeletedMountPoint)
{
    const auto table = table_of(recorded("mountinfo_host"));
    EXPECT_EQ(table.at("/mnt/gone"), nullptr);
    EXPECT_EQ(id_of(table.covering("/mnt/gone/x")), 22);
}

TEST(MountTable, FindsTheLastOfSeveralMountsOnAPath)
{
    // Listed in an order that gives no hint: only the parents tell which one lies on top.
    const MountTable table({mount(1, 0, "/"), mount(9, 5, "/a"), mount(5, 7, "/a"), mount(7, 1, "/a")});
    EXPECT_EQ(id_of(table.at("/a")), 9);
    EXPECT_EQ(id_of(table.covering("/a/b")), 9);
    EXPECT_THAT(ids_of(table.below("/")), ElementsAre(9));
}

TEST(MountTable, DoesNotFindWhatALaterMountHides)
{
    // /a/b was mounted first, then /a over it: /a/b of the root mount cannot be reached any more.
    const MountTable table({mount(1, 0, "/"), mount(2, 1, "/a/b"), mount(3, 1, "/a")});
    EXPECT_EQ(id_of(table.covering("/a/b")), 3);
    EXPECT_EQ(table.at("/a/b"), nullptr);
    EXPECT_THAT(ids_of(table.below("/")), ElementsAre(3));
    EXPECT_THAT(ids_of(table.below("/a")), IsEmpty());
}

TEST(MountTable, FindsAMountBelowTheOneThatHidesAnother)
{
    const MountTable table({mount(1, 0, "/"), mount(2, 1, "/a/b"), mount(3, 1, "/a"), mount(4, 3, "/a/b")});
    EXPECT_EQ(id_of(table.at("/a/b")), 4);
    EXPECT_THAT(ids_of(table.below("/")), ElementsAre(3, 4));
}

TEST(MountTable, WithoutARootLineStartsAtTheMountsShown)
{
    // As in a chroot whose root is no mount point.
    const MountTable table({mount(20, 3, "/proc"), mount(21, 20, "/proc/sys"), mount(30, 3, "/var/mail-state")});
    EXPECT_EQ(table.covering("/"), nullptr);
    EXPECT_EQ(table.covering("/var/lib"), nullptr);
    EXPECT_EQ(id_of(table.covering("/proc/sys/kernel")), 21);
    EXPECT_EQ(id_of(table.at("/var/mail-state")), 30);
    EXPECT_THAT(ids_of(table.below("/")), ElementsAre(20, 21, 30));
}

TEST(MountTable, EndsOnATableThatLies)
{
    const MountTable circle({mount(1, 2, "/"), mount(2, 1, "/")});
    EXPECT_EQ(circle.covering("/a"), nullptr);
    const MountTable own_parent({mount(1, 1, "/"), mount(2, 2, "/a")});
    EXPECT_EQ(id_of(own_parent.covering("/a")), 1);
    const MountTable twice({mount(1, 0, "/"), mount(2, 1, "/a"), mount(2, 2, "/a"), mount(2, 1, "/a/b")});
    EXPECT_NE(twice.covering("/a/b"), nullptr);
    EXPECT_LE(twice.inside("/a").all().size(), 4U);
}

TEST(MountTable, SeenFromInsideLosesThePrefix)
{
    const MountTable table({mount(1, 0, "/"), mount(2, 1, "/srv"), mount(3, 2, "/srv/root/var/mail-state"),
                            mount(4, 1, "/home"), mount(5, 2, "/srv/roots")});
    const auto inside = table.inside("/srv/root");
    EXPECT_EQ(inside.all().size(), 2U);
    EXPECT_EQ(id_of(inside.at("/")), 2);
    EXPECT_EQ(inside.at("/")->subtree, "/root");
    EXPECT_EQ(id_of(inside.at("/var/mail-state")), 3);
    EXPECT_EQ(id_of(inside.covering("/var/mail-state/x")), 3);
    EXPECT_EQ(id_of(inside.covering("/var/lib")), 2);
}

TEST(MountTable, SeenFromInsideAMountPointKeepsItsSubtree)
{
    auto bind = mount(2, 1, "/srv/root");
    bind.subtree = "/images/7";
    const auto inside = MountTable({mount(1, 0, "/"), bind, mount(3, 2, "/srv/root/proc")}).inside("/srv/root");
    EXPECT_EQ(inside.at("/")->subtree, "/images/7");
    EXPECT_EQ(id_of(inside.at("/proc")), 3);
}

TEST(MountTable, SeenFromInsideDropsWhatIsHiddenUnderTheRoot)
{
    // Both lie below /srv/root by name, but under the mount that covers it.
    const MountTable table({mount(1, 0, "/"), mount(2, 1, "/srv/root"), mount(3, 1, "/srv/root/proc"),
                            mount(4, 2, "/srv/root"), mount(5, 2, "/srv/root/var")});
    const auto inside = table.inside("/srv/root");
    EXPECT_EQ(inside.all().size(), 1U);
    EXPECT_EQ(id_of(inside.at("/")), 4);
    EXPECT_EQ(inside.at("/proc"), nullptr);
    EXPECT_EQ(inside.at("/var"), nullptr);
}

TEST(MountTable, SeenFromInsideTheRootIsTheSame)
{
    const auto table = table_of(recorded("mountinfo_docker"));
    EXPECT_EQ(table.inside("/").all().size(), table.all().size());
    EXPECT_EQ(id_of(table.inside("/").at("/var/lib/redis")), 1056);
}

}  // namespace
}  // namespace mailstate
