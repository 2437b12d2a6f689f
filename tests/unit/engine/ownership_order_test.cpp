// SPDX-License-Identifier: MIT
// In which order an ownership pass hands a tree over, and what a later pass makes of one that was cut off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::ElementsAre;

namespace {

constexpr Owner root_user{}, redis{Uid{101}, Gid{101}};
const std::string kept = "/var/mail-state/lib-redis";

class OwnershipOrder : public ::testing::Test {
protected:
    OwnershipOrder()
    {
        world.make_directory("/var/lib/redis/sub/deep");
        world.write_file("/var/lib/redis/sub/deep/file", "content");
        EXPECT_EQ(world.apply().outcome, Outcome::done);
    }
    void disown(const std::string& path) { world.own(kept + path, root_user, world.attributes(kept + path).mode); }

    EngineWorld world;
};

TEST_F(OwnershipOrder, ADirectoryComesAfterWhatStandsInItAndTheRootLast)
{
    for (const auto* path : {"", "/sub", "/sub/deep", "/sub/deep/file"}) disown(path);
    std::vector<std::string> changed;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        if (call == "fchownat" && path.starts_with(kept)) changed.emplace_back(path.substr(kept.size()));
        return 0;
    });
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    ASSERT_EQ(changed.size(), 4U);
    EXPECT_EQ(changed.back(), "");
    EXPECT_LT(std::find(changed.begin(), changed.end(), "/sub/deep/file"),
              std::find(changed.begin(), changed.end(), "/sub/deep"));
}

TEST_F(OwnershipOrder, AQuickPassGoesOnWhereAnEarlierPassWasCutOff)
{
    for (const auto* path : {"", "/sub", "/sub/deep", "/sub/deep/file"}) disown(path);
    ApplyOptions quick;
    quick.ownership = OwnershipPass::quick;
    EXPECT_EQ(world.apply(quick).outcome, Outcome::done);
    EXPECT_EQ(world.attributes(kept + "/sub/deep/file").owner, redis);
    EXPECT_EQ(world.attributes(kept).owner, redis);
}

TEST_F(OwnershipOrder, AQuickPassLooksNoFurtherWhereTheEntryIsRight)
{
    disown("/sub/deep/file");
    ApplyOptions quick;
    quick.ownership = OwnershipPass::quick;
    EXPECT_EQ(world.apply(quick).outcome, Outcome::done);
    EXPECT_EQ(world.attributes(kept + "/sub/deep/file").owner, root_user);
}

}  // namespace
