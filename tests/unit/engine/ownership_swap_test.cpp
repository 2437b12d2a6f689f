// SPDX-License-Identifier: MIT
// A directory gives way to another one between being seen and being opened, while owners are put right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/failure_tally.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

constexpr Owner root_owner{}, redis_owner{Uid{101}, Gid{101}}, another{Uid{102}, Gid{102}};
const std::string top = "/var/mail-state", kept_redis = top + "/lib-redis";

// Everything is root's at first, and is to become redis's: nobody but root can rename in there, and one call is enough.
class OwnershipSwap : public ::testing::Test {
protected:
    OwnershipSwap()
    {
        world.make_directory(kept_redis, Mode{0755}, root_owner);
        world.make_directory(kept_redis + "/sub", Mode{0755}, root_owner);
        world.write_file(kept_redis + "/sub/file", "of the directory that was seen");
    }

    // That takes the place of "sub", from elsewhere on the volume.
    void make_other(Owner owner)
    {
        world.make_directory(top + "/other", Mode{0755}, owner);
        world.write_file(top + "/other/file", "of another directory");
    }

    void swap_when_opened()
    {
        world.fake.set_hook([this, swapped = false](std::string_view call, std::string_view path) mutable {
            if (swapped || call != "openat2" || path != kept_redis + "/sub") return 0;
            swapped = true;
            const DirectoryRef volume = world.fake.reader().open(top).value();
            const DirectoryRef entry = world.fake.reader().open(kept_redis).value();
            Writer& writer = world.fake.writer();
            EXPECT_TRUE(writer.rename({entry, "sub"}, {volume, "seen"}, Replace::no));
            EXPECT_TRUE(writer.rename({volume, "other"}, {entry, "sub"}, Replace::no));
            return 0;
        });
    }

    struct Change {
        std::string path;
        bool settled;
        int refused;  // errno
    };

    std::vector<Change> own()
    {
        std::vector<Change> changes;
        world.with_world([&](const World& verbs) {
            Identities identities;
            identities.users["redis"] = redis_owner.uid;
            identities.groups["redis"] = redis_owner.gid;
            const OwnershipRules rules = OwnershipRules::make(entry_named(world.layout, "redis"), identities).value();
            OwnershipPassOptions options;
            options.rules = &rules;
            const DirectoryRef entry = world.fake.reader().open(kept_redis).value();
            const auto act = [&](const Difference& difference) -> Result<> {
                const Result<> done = change_owner(world.fake.writer(), difference);
                changes.push_back({difference.path(), difference.settled, done ? 0 : done.error().number});
                return {};
            };
            EXPECT_TRUE(ownership_pass(verbs, entry, options, act));
            return 0;
        });
        world.fake.set_hook({});
        return changes;
    }

    static std::vector<std::string> settled(const std::vector<Change>& changes)
    {
        std::vector<std::string> paths;
        for (const Change& change : changes)
            if (change.settled) paths.push_back(change.path);
        return paths;
    }

    EngineWorld world;
};

TEST_F(OwnershipSwap, WithoutOneTheDirectoryIsTrusted)
{
    const std::vector<Change> changes = own();
    EXPECT_THAT(settled(changes), ElementsAre(kept_redis + "/sub/file"));
    EXPECT_EQ(world.attributes(kept_redis + "/sub").owner, redis_owner);
}

TEST_F(OwnershipSwap, NothingIsTrustedOfADirectoryThatWasNotSeen)
{
    for (const Owner owner : {root_owner, another}) {
        make_other(owner);
        swap_when_opened();
        EXPECT_THAT(settled(own()), IsEmpty());
        world.remove(kept_redis + "/sub");
        world.remove(top + "/seen");
        world.make_directory(kept_redis + "/sub", Mode{0755}, root_owner);
    }
}

TEST_F(OwnershipSwap, TheOneThatWasNotSeenIsNotGivenAway)
{
    make_other(another);
    swap_when_opened();
    const std::vector<Change> changes = own();
    EXPECT_EQ(world.attributes(kept_redis + "/sub").owner, another);
    EXPECT_EQ(world.attributes(top + "/seen").owner, root_owner);
    EXPECT_EQ(world.attributes(top + "/seen/file").owner, root_owner);
    const auto is_sub = [](const Change& change) {
        return change.path == kept_redis + "/sub" && change.refused == ESTALE;
    };
    EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), is_sub));
}

TEST_F(OwnershipSwap, ALinkInItsPlaceIsNotFollowed)
{
    world.make_directory("/srv", Mode{0755}, root_owner);
    world.write_file("/srv/file", "of somebody else");
    world.make_link(top + "/other", "/srv");
    swap_when_opened();
    for (const Change& change : own()) EXPECT_EQ(change.path.find("file"), std::string::npos);
    EXPECT_EQ(world.attributes("/srv").owner, root_owner);
    EXPECT_EQ(world.attributes("/srv/file").owner, root_owner);
}

}  // namespace
