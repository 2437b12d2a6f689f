// SPDX-License-Identifier: MIT
#include "mailstate/engine/displaced.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "engine/displaced_name.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace {

class Displaced : public ::testing::Test {
protected:
    // redis' destination, set aside whole, since the origin was used after a roll back.
    Displaced()
    {
        (void)world.apply();
        (void)world.roll_back();
        world.write_file("/var/lib/redis/dump.rdb", "newer");
        (void)world.apply();
        for (const DisplacedItem& item : list()) id = item.id;
    }

    std::vector<DisplacedItem> list()
    {
        findings.clear();
        return world.with_world([&](const World& all) { return *list_displaced(all, findings); });
    }

    DisplacedReport restore(const std::string& into = "")
    {
        RestoreOptions options;
        options.id = id;
        options.into = into;
        return world.with_world([&](const World& all) { return restore_displaced(all, world.fake.writer(), options); });
    }

    DisplacedReport prune(PruneOptions options)
    {
        return world.with_world([&](const World& all) { return prune_displaced(all, world.fake.writer(), options); });
    }

    std::string code_of(const DisplacedReport& report)
    {
        return report.run.findings.empty() ? "" : report.run.findings.back().code;
    }

    EngineWorld world;
    std::vector<Finding> findings;
    std::string id;
};

TEST_F(Displaced, IsListedWithWhatItIs)
{
    const auto items = list();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].entry, "redis");
    EXPECT_TRUE(items[0].whole);
    EXPECT_EQ(items[0].size.files, 2U);
    EXPECT_EQ(items[0].path, std::string(displaced_folder) + "/" + id);
    EXPECT_THAT(findings, IsEmpty());
}

TEST_F(Displaced, IsInPartsWhereAManifestSaysWhatTheOriginHad)
{
    world.make_image_layer();
    world.write_file("/var/lib/redis/only-here", "x");
    (void)world.apply();
    const auto items = list();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_TRUE(std::ranges::any_of(items, [](const DisplacedItem& item) { return !item.whole; }));
}

TEST_F(Displaced, PassesOverWhatIsNotOurs)
{
    world.make_link(std::string(displaced_folder) + "/20260101T000000Z-redis", "/etc");
    world.make_directory(std::string(displaced_folder) + "/mine");
    world.write_file(std::string(displaced_folder) + "/20260102T000000Z-redis.json", "{}");
    world.write_file(std::string(displaced_folder) + "/" + id + ".json", "{");
    EXPECT_EQ(list().size(), 1U);
    std::vector<std::string> codes;
    for (const Finding& finding : findings) codes.push_back(finding.code);
    EXPECT_THAT(codes, ::testing::UnorderedElementsAre("displaced.foreign", "displaced.foreign", "displaced.no-content",
                                                       "displaced.bad-manifest"));
}

TEST_F(Displaced, IsRestoredToAPlaceThatIsFree)
{
    EXPECT_EQ(restore("/var/lib/restored").run.outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/lib/restored/dump.rdb"), "precious");
    EXPECT_TRUE(world.exists(std::string(displaced_folder) + "/" + id));
    EXPECT_EQ(code_of(restore("/var/lib/restored")), "displaced.in-the-way");
}

TEST_F(Displaced, IsRestoredInPlaceOfWhatIsSetAsideThen)
{
    EXPECT_EQ(restore().run.outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    const auto items = list();
    ASSERT_EQ(items.size(), 2U);
    const auto& other = items[0].id == id ? items[1] : items[0];
    EXPECT_EQ(world.read(other.path + "/dump.rdb"), "newer");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
}

TEST_F(Displaced, IsNotRestoredWhereTheServiceDoesNotLook)
{
    (void)world.roll_back();
    EXPECT_EQ(code_of(restore()), "displaced.not-linked");
}

TEST_F(Displaced, IsNotRestoredWhereItDoesNotFit)
{
    FilesystemFacts facts;
    facts.type = "ext4";
    facts.free_bytes = 100;
    facts.free_inodes = 1000;
    world.fake.set_facts("/var/mail-state", facts);
    const DisplacedReport report = restore();
    EXPECT_EQ(report.run.outcome, Outcome::blocked);
    EXPECT_EQ(code_of(report), "displaced.no-space");
}

TEST_F(Displaced, GoesWhenItIsPruned)
{
    PruneOptions options;
    options.ids = {id};
    const DisplacedReport report = prune(options);
    EXPECT_EQ(report.run.outcome, Outcome::done);
    ASSERT_EQ(report.run.changes.size(), 1U);
    EXPECT_THAT(report.run.changes[0], HasSubstr(id));
    EXPECT_THAT(world.tree(displaced_folder), IsEmpty());
    EXPECT_THAT(world.tree("/var/mail-state/.mailstate/staging"), IsEmpty());
}

TEST_F(Displaced, StaysWhereAnotherIdIsUnknown)
{
    PruneOptions options;
    options.ids = {id, "../lib-redis"};
    EXPECT_EQ(prune(options).run.outcome, Outcome::blocked);
    EXPECT_EQ(list().size(), 1U);
}

TEST_F(Displaced, IsChosenByAgeAndEntry)
{
    PruneOptions options;
    options.older_than = "2000-01-01T00:00:00Z";
    EXPECT_THAT(prune(options).items, IsEmpty());
    options.older_than = "";
    options.only = {"plain"};
    EXPECT_THAT(prune(options).items, IsEmpty());
    options.only = {"redis"};
    EXPECT_EQ(prune(options).items.size(), 1U);
}

TEST(DisplacedName, IsAStampAndAnEntry)
{
    EXPECT_TRUE(is_displaced_name("20261121T020635Z-redis"));
    EXPECT_TRUE(is_displaced_name("20261121T020635Z-redis.12"));
    for (const char* name : {"", ".", "..", "20261121T020635Z-", "20261121T020635Z", "2026112xT020635Z-redis",
                             "20261121T020635Z-../x", "../20261121T020635Z-redis", "redis"})
        EXPECT_FALSE(is_displaced_name(name)) << name;
}

TEST(DisplacedName, GivesTheEntryBack)
{
    for (const char* name : {"20261121T020635Z-redis", "20261121T020635Z-redis.12",
                             "20261121T020635Z-redis.0123456789abcdef", "20261121T020635Z-redis.2.0123456789abcdef"})
        EXPECT_EQ(entry_in_displaced(name), "redis") << name;
    EXPECT_EQ(entry_in_displaced("20261121T020635Z-postsrsd.secret"), "postsrsd.secret");
    EXPECT_EQ(created_of_displaced("20261121T020635Z-redis"), "2026-11-21T02:06:35Z");
}

TEST(DisplacedName, OfAManifestIsThatOfWhatItDescribes)
{
    EXPECT_EQ(id_of_manifest("20261121T020635Z-redis.0123456789abcdef.json"),
              "20261121T020635Z-redis.0123456789abcdef");
    EXPECT_EQ(id_of_manifest("20261121T020635Z-redis"), "");
    EXPECT_EQ(id_of_manifest("redis.json"), "");
}

}  // namespace
