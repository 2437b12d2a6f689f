// SPDX-License-Identifier: MIT
// What is set aside where origin and destination are both populated: whatever differs, of any age, once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mailstate/model/manifest.hpp"
#include "mailstate/model/seal.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

namespace {

constexpr const char* kept_dump = "/var/mail-state/lib-redis/dump.rdb";

class SetAside : public ::testing::Test {
protected:
    SetAside() { (void)world.apply(); }

    // A new container, whose image has this.
    Report recreate(const std::string& content, const std::string& path = "/var/lib/redis/dump.rdb")
    {
        world.make_image_layer();
        world.write_file(path, content);
        return world.apply();
    }

    [[nodiscard]] std::vector<std::string> ids() const
    {
        std::vector<std::string> found;
        for (const auto& [path, content] : world.tree(displaced_folder))
            if (path.ends_with(".json")) found.push_back(path.substr(0, path.size() - 5));
        return found;
    }

    [[nodiscard]] std::int64_t copies_of(const std::string& content) const
    {
        const auto tree = world.tree(displaced_folder);
        return std::ranges::count(tree, content, [](const auto& item) { return item.second; });
    }

    EngineWorld world;
};

TEST_F(SetAside, IsWhatDiffersThoughItIsOlder)
{
    world.make_image_layer();
    world.write_file("/var/lib/redis/dump.rdb", "whole and old");
    world.write_file(kept_dump, "half");
    EXPECT_TRUE(has_finding(world.apply().findings, "entry.displaced"));
    EXPECT_EQ(world.read(kept_dump), "half");
    EXPECT_EQ(copies_of("whole and old"), 1);
}

TEST_F(SetAside, IsNotWhatIsEqualThoughItIsNewer)
{
    world.write_file(kept_dump, "same");
    EXPECT_FALSE(has_finding(recreate("same").findings, "entry.displaced"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
}

TEST_F(SetAside, IsNotWhatHasTheSameSizeAndTimeOnly)
{
    world.make_image_layer();
    world.write_file("/var/lib/redis/dump.rdb", "1234");
    world.write_file(kept_dump, "5678");
    const Timestamp time = world.attributes(kept_dump).mtime;
    ASSERT_TRUE(world.fake.set_times("/var/lib/redis/dump.rdb", time, time));
    (void)world.apply();
    EXPECT_EQ(copies_of("1234"), 1);
}

TEST_F(SetAside, IsOneCopyHoweverOftenTheContainerIsMadeAnew)
{
    world.write_file(kept_dump, "live");
    for (int i = 0; i < 20; ++i) (void)recreate("of the image");
    EXPECT_EQ(copies_of("of the image"), 1);
    EXPECT_EQ(ids().size(), 1U);
}

TEST_F(SetAside, IsNotBelievedToBeThereByTheManifest)
{
    world.write_file(kept_dump, "live");
    (void)recreate("of the image");
    world.remove(displaced_folder + ("/" + ids().front()) + "/dump.rdb");
    (void)recreate("of the image");
    EXPECT_EQ(copies_of("of the image"), 1);
    EXPECT_EQ(ids().size(), 2U);
}

TEST_F(SetAside, IsNotBelievedToBeTheSameByTheManifest)
{
    world.write_file(kept_dump, "live");
    (void)recreate("of the image");
    world.write_file(displaced_folder + ("/" + ids().front()) + "/dump.rdb", "OF THE IMAGE");
    (void)recreate("of the image");
    EXPECT_EQ(copies_of("of the image"), 1);
    EXPECT_EQ(copies_of("OF THE IMAGE"), 1);
}

TEST_F(SetAside, IsFoundWhereAnOlderVersionPutIt)
{
    world.write_file(kept_dump, "live");
    const std::string tree = std::string(displaced_folder) + "/20250101T000000Z-redis";
    world.make_directory(tree);
    world.write_file(tree + "/dump.rdb", "of the image");
    world.write_file(tree + ".json", R"({"schema": 1, "entry": "redis", "origin": "/var/lib/redis",
        "created": "2025-01-01T00:00:00Z", "items": [{"path": "dump.rdb", "kind": "file", "digest": "xxh128:00"}]})");
    EXPECT_FALSE(has_finding(recreate("of the image").findings, "entry.displaced"));
}

TEST_F(SetAside, IsNotFoundInAWholeDestinationWhichMayGo)
{
    world.write_file(kept_dump, "live");
    world.make_directory(std::string(displaced_folder) + "/20250101T000000Z-redis");
    world.write_file(std::string(displaced_folder) + "/20250101T000000Z-redis/dump.rdb", "of the image");
    EXPECT_TRUE(has_finding(recreate("of the image").findings, "entry.displaced"));
}

TEST_F(SetAside, IsNotWhatIsPristineByTheSealsDigest)
{
    world.make_image_layer();
    world.make_directory("/usr", Mode{0755}, {});
    EngineWorld image;
    image.put_volume_on_root();
    const Seal seal = image.with_world([](const World& all) { return *make_seal(all, "1"); });
    ASSERT_TRUE(world.with_world([&](const World& all) { return write_seal(all.reader, world.fake.writer(), seal); }));
    world.write_file(kept_dump, "live");
    EXPECT_FALSE(has_finding(world.apply().findings, "entry.displaced"));
    EXPECT_TRUE(has_finding(recreate("changed in the container").findings, "entry.displaced"));
}

// What its services wrote would count as the image's.
TEST_F(SetAside, CannotBeSparedByASealOfAContainerAtWork)
{
    const auto seal = [](const World& all) { return make_seal(all, "1"); };
    EngineWorld mounted;
    EXPECT_EQ(mounted.with_world(seal).error().number, EBUSY);
    EngineWorld linked;
    linked.put_volume_on_root();
    EXPECT_TRUE(linked.with_world(seal));
    (void)linked.apply();
    EXPECT_EQ(linked.with_world(seal).error().number, EBUSY);
}

TEST_F(SetAside, HasTheRunInItsNameAndSaysWhereItComesFrom)
{
    world.write_file(kept_dump, "live");
    (void)recreate("of the image");
    ASSERT_EQ(ids().size(), 1U);
    EXPECT_THAT(ids()[0], MatchesRegex("[0-9]{8}T[0-9]{6}Z-redis[.][0-9a-f]{16}"));
    const auto manifest = parse_manifest("m", world.read(displaced_folder + ("/" + ids()[0]) + ".json"));
    ASSERT_TRUE(manifest) << describe(manifest.error());
    EXPECT_EQ(manifest->entry, "redis");
    EXPECT_EQ(manifest->origin, "/var/lib/redis");
    EXPECT_EQ(manifest->names, 1U);
    EXPECT_EQ(manifest->bytes, std::string("of the image").size());
}

TEST_F(SetAside, KeepsOwnersAndModesOfTheFoldersAround)
{
    for (const char* side : {"/var/mail-state/lib-redis", "/var/lib/redis"}) {
        if (side == std::string("/var/lib/redis")) world.make_image_layer();
        world.make_directory(std::string(side) + "/a", Mode{0710}, {Uid{7}, Gid{8}});
        world.make_directory(std::string(side) + "/a/b", Mode{0750}, {Uid{9}, Gid{8}});
    }
    world.write_file("/var/lib/redis/a/b/file", "only here");
    world.make_directory("/var/lib/redis/empty", Mode{0700}, {Uid{9}, Gid{9}});
    (void)world.apply();
    ASSERT_EQ(ids().size(), 1U);
    const std::string tree = displaced_folder + ("/" + ids()[0]);
    EXPECT_EQ(world.attributes(tree + "/a").owner, (Owner{Uid{7}, Gid{8}}));
    EXPECT_EQ(world.attributes(tree + "/a").mode.bits, 0710U);
    EXPECT_EQ(world.attributes(tree + "/a/b").owner, (Owner{Uid{9}, Gid{8}}));
    EXPECT_EQ(world.attributes(tree + "/empty").owner, (Owner{Uid{9}, Gid{9}}));
}

TEST_F(SetAside, IsAFindingOfItsOwnWhenThatHappensAgainAndAgain)
{
    world.write_file(kept_dump, "live");
    for (int i = 1; i <= 5; ++i)
        EXPECT_FALSE(has_finding(recreate("secret " + std::to_string(i)).findings, "displaced.repeats")) << i;
    const Report report = recreate("secret 6");
    const auto found = std::ranges::find(report.findings, "displaced.repeats", &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_EQ(found->subject, "redis");
    EXPECT_THAT(found->hint, HasSubstr(R"("disposable": ["dump.rdb"])"));
}

TEST_F(SetAside, OfAFileThatIsAnEntryIsAFindingToo)
{
    for (int i = 1; i <= 6; ++i) {
        const Report report = recreate("secret " + std::to_string(i), "/etc/secret");
        EXPECT_EQ(has_finding(report.findings, "displaced.repeats"), i == 6) << i;
    }
}

}  // namespace
