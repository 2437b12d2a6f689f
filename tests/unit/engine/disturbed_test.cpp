// SPDX-License-Identifier: MIT
// What the sweep over the real program has found, one case each, in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::IsEmpty;

namespace {

// Fails calls on paths that hold a word, from the moment that another call was made on.
struct FailsAfter {
    std::string_view after_call, after_word, word;
    int number = EIO;
    bool begun = false;

    int operator()(std::string_view call, std::string_view path)
    {
        if (begun && path.find(word) != std::string_view::npos) return number;
        begun = begun || (call == after_call && path.find(after_word) != std::string_view::npos);
        return 0;
    }
};

class DisturbedApply : public ::testing::Test {
protected:
    void mount_redis()
    {
        world.make_directory("/srv", Mode{0755}, {});
        world.make_directory("/srv/redis");
        world.write_file("/srv/redis/dump.rdb", "of the mount");
        ASSERT_TRUE(world.fake.bind("/srv/redis", "/var/lib/redis"));
        adopt.plan.adopt_mounts = true;
    }
    [[nodiscard]] std::map<std::string, std::string> displaced() const
    {
        return world.tree("/var/mail-state/.mailstate/displaced");
    }

    EngineWorld world;
    ApplyOptions adopt;
};

TEST_F(DisturbedApply, DoesNotSayThatNothingWasChangedOnceAnOriginIsALink)
{
    world.fake.set_hook(FailsAfter{"renameat2", ".mailstate-redis", "/ledger."});
    const Report report = world.apply();
    ASSERT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(report.outcome, Outcome::midway);
}

TEST_F(DisturbedApply, KnowsACopyOfAMountThatTheLedgerDoesNotNameYet)
{
    mount_redis();
    world.fake.set_hook(FailsAfter{"renameat2", "staging/redis.", "/ledger."});
    (void)world.apply(adopt);
    ASSERT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "of the mount");
    world.fake.set_hook({});
    EXPECT_EQ(world.apply(adopt).outcome, Outcome::done);
    EXPECT_THAT(displaced(), IsEmpty());
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "of the mount");
}

TEST_F(DisturbedApply, SetsAsideACopyOfAMountThatTheLedgerDoesNotNameOnceItDiffers)
{
    mount_redis();
    world.fake.set_hook(FailsAfter{"renameat2", "staging/redis.", "/ledger."});
    (void)world.apply(adopt);
    world.fake.set_hook({});
    world.write_file("/var/mail-state/lib-redis/dump.rdb", "written by a service");
    EXPECT_EQ(world.apply(adopt).outcome, Outcome::done);
    const auto kept = displaced();
    EXPECT_TRUE(
        std::any_of(kept.begin(), kept.end(), [](const auto& item) { return item.second == "written by a service"; }));
}

// Each start of a volume that was too full for the manifest added one more tree.
TEST_F(DisturbedApply, SetsNothingAsideThatItCannotList)
{
    (void)world.apply();
    world.make_image_layer();
    world.write_file("/var/lib/redis/only-here", "of the origin");
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        const bool manifest = path.find("manifest") != std::string_view::npos || path.ends_with("redis.json");
        return manifest && call != "statx" ? ENOSPC : 0;
    });
    (void)world.apply();
    EXPECT_THAT(displaced(), IsEmpty());
    EXPECT_EQ(world.read("/var/lib/redis/only-here"), "of the origin");
    world.fake.set_hook({});
    (void)world.apply();
    EXPECT_EQ(displaced().size(), 3U);  // the tree, its one file, the manifest
    EXPECT_TRUE(world.tree("/var/mail-state/.mailstate/staging").empty());
}

// Moved without knowing whose numbers are whose, a file could be renumbered wrongly by a later run.
TEST_F(DisturbedApply, ChangesNothingWhereUsersCannotBeRead)
{
    world.set_user("other", 102);
    (void)world.apply();
    world.set_user("other", 103);
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "read" && path.ends_with("passwd") ? EIO : 0;
    });
    EXPECT_EQ(world.apply().outcome, Outcome::blocked);
    world.fake.set_hook({});
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(DisturbedApply, RenumbersLaterWhatItCouldNotLookAt)
{
    world.set_user("other", 102);
    world.own("/var/lib/plain/file", {Uid{102}, Gid{102}}, Mode{0640});
    (void)world.apply();
    world.set_user("other", 103);
    int looked = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        const bool plain = call == "statx" && path == "/var/mail-state/lib-plain";
        return plain && ++looked > 2 ? EIO : 0;  // the surveys see it, the renumbering does not
    });
    (void)world.apply();
    ASSERT_GT(looked, 2);
    world.fake.set_hook({});
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/mail-state/lib-plain/file").owner, (Owner{Uid{103}, Gid{103}}));
}

// As chmod -R, fsGroup or a restored backup do: afterwards all looks as if it were translated.
void renew_ctimes(EngineWorld& world, std::uint32_t number)
{
    const Owner owner{Uid{number}, Gid{number}};
    world.own("/var/mail-state/lib-plain/file", owner, Mode{0640});
    world.own("/var/mail-state/lib-plain/file", owner, Mode{0660});
}

// A translation is begun, and what it would do in the entry is refused.
void begin_to_translate(EngineWorld& world)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "fchownat" && path.starts_with("/var/mail-state/lib-plain") ? EIO : 0;
    });
    (void)world.apply();
    world.fake.set_hook({});
}

TEST_F(DisturbedApply, TranslatesANumberThatNobodyHasAnyMoreWhateverTheTimesSay)
{
    world.set_user("other", 102);
    world.own("/var/lib/plain/file", {Uid{102}, Gid{102}}, Mode{0640});
    (void)world.apply();
    world.set_user("other", 103);
    begin_to_translate(world);
    ASSERT_EQ(world.attributes("/var/mail-state/lib-plain/file").owner.uid, Uid{102});
    renew_ctimes(world, 102);
    const Report report = world.apply();
    EXPECT_EQ(world.attributes("/var/mail-state/lib-plain/file").owner, (Owner{Uid{103}, Gid{103}}));
    EXPECT_FALSE(has_finding(report.findings, "ids.undecided"));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(DisturbedApply, ReportsSwappedNumbersThatTheTimesCannotTell)
{
    world.set_user("other", 102);
    world.own("/var/lib/plain/file", {Uid{102}, Gid{102}}, Mode{0640});
    (void)world.apply();
    world.set_user("other", 101);
    world.set_user("redis", 102);
    begin_to_translate(world);
    ASSERT_EQ(world.attributes("/var/mail-state/lib-plain/file").owner.uid, Uid{102});
    renew_ctimes(world, 102);
    const Report report = world.apply();
    const auto found = std::ranges::find(report.findings, "ids.undecided", &Finding::code);
    ASSERT_NE(found, report.findings.end());
    EXPECT_EQ(found->severity, Severity::warning);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(DisturbedApply, SetsNothingAsideWhereTheDestinationCannotBeOpened)
{
    (void)world.apply();
    world.make_image_layer();
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "openat2" && path == "/var/mail-state/lib-redis/sub" ? ENOMEM : 0;
    });
    (void)world.apply();
    EXPECT_THAT(displaced(), IsEmpty());
    EXPECT_EQ(world.read("/var/lib/redis/sub/more"), "more of it");
}

TEST_F(DisturbedApply, MakesNoParentThatNobodyCanPass)
{
    world.fake.set_hook([](std::string_view call, std::string_view) { return call == "fchmod" ? EIO : 0; });
    (void)world.apply();
    world.fake.set_hook({});
    (void)world.apply();
    EXPECT_EQ(world.attributes("/var/mail-state/etc").mode, Mode{0755});
}

TEST_F(DisturbedApply, LeavesADirectoryAloneWhoseNestedLinkCannotBeRead)
{
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "readlinkat" && path.ends_with("/var/lib/redis/lib-redis") ? EIO : 0;
    });
    const Report report = world.apply();
    EXPECT_EQ(report.entries.front().outcome, EntryOutcome::left_alone);
    EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
}

TEST_F(DisturbedApply, TakesADestinationThatHoldsNothingButANestedLinkForEmpty)
{
    world.make_directory("/var/mail-state/lib-redis");
    world.make_link("/var/mail-state/lib-redis/lib-redis", "/var/mail-state/lib-redis");
    const Report report = world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis/lib-redis"));
    EXPECT_TRUE(displaced().empty());
    const auto nested = std::ranges::find(report.findings, "entry.nested-link", &Finding::code);
    ASSERT_NE(nested, report.findings.end());
    EXPECT_EQ(nested->message, "/var/mail-state/lib-redis contains a link to the destination");
}

// cp -rs, stow: the service would get ELOOP.
TEST_F(DisturbedApply, LeavesAnOriginAloneThatTheDestinationLinksTo)
{
    const std::string there = "/var/mail-state/lib-redis";
    world.make_directory(there);
    world.make_directory(there + "/sub");
    const std::vector<std::pair<std::string, std::string>> loops{{"/dump.rdb", "/var/lib/redis/dump.rdb"},
                                                                 {"/dump.rdb", "../../lib/redis/dump.rdb"},
                                                                 {"/sub/more", "../../../lib/redis/sub/more"}};
    for (const auto& [name, text] : loops) {
        world.make_link(there + name, text);
        const Report report = world.apply();
        EXPECT_TRUE(has_finding(report.findings, "destination.links-back")) << text;
        EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_FALSE(has_changes(world.plan()));
        world.remove(there + name);
    }
}

TEST_F(DisturbedApply, TakesADestinationWhoseLinksLeadSomewhere)
{
    const std::string there = "/var/mail-state/lib-redis";
    world.make_directory(there);
    world.write_file(there + "/today", "of the destination");
    world.make_link(there + "/dump.rdb", "/var/lib/redis/today");
    const Report report = world.apply();
    EXPECT_FALSE(has_finding(report.findings, "destination.links-back"));
    EXPECT_EQ(world.read_link("/var/lib/redis"), there);
}

// Each time that it is read: by the survey, by the survey under the lock, and where it is removed.
TEST_F(DisturbedApply, DoesNotPassOverANestedLinkThatCannotBeRead)
{
    ASSERT_EQ(world.apply().outcome, Outcome::done);
    const std::string nested = "/var/mail-state/lib-redis/lib-redis";
    world.make_link(nested, "/var/mail-state/lib-redis");
    const auto is_error = [](const Finding& finding) { return finding.severity == Severity::error; };
    int fails_at = 0, reads = 0;
    do {
        ++fails_at;
        reads = 0;
        world.fake.set_hook([&](std::string_view call, std::string_view path) {
            return call == "readlinkat" && path == nested && ++reads == fails_at ? EIO : 0;
        });
        const Report report = world.apply();
        const auto& findings = report.findings;
        const bool said = std::any_of(findings.begin(), findings.end(), is_error);
        EXPECT_EQ(said, world.exists(nested)) << "where reading it fails for the " << fails_at << "th time";
    } while (reads >= fails_at);
    EXPECT_GT(fails_at, 3);
}

// Whether a hard link's names all stand in the tree is looked up at the end of a pass: a name that could not be looked
// at is not one that stands elsewhere.
TEST_F(DisturbedApply, RenumbersLaterAHardLinkWhoseNamesItCouldNotLookUp)
{
    const std::string again = "/var/mail-state/lib-plain/again";
    int looked = 0, fails_at = 0;
    do {
        EngineWorld numbered;
        numbered.set_user("other", 102);
        numbered.own("/var/lib/plain/file", {Uid{102}, Gid{102}}, Mode{0640});
        numbered.make_hard_link("/var/lib/plain/again", "/var/lib/plain/file");
        (void)numbered.apply();
        numbered.set_user("other", 103);
        ++fails_at;
        looked = 0;
        numbered.fake.set_hook([&](std::string_view call, std::string_view path) {
            return call == "statx" && path == again && ++looked == fails_at ? EIO : 0;
        });
        (void)numbered.apply();
        numbered.fake.set_hook({});
        (void)numbered.apply();
        EXPECT_EQ(numbered.attributes(again).owner, (Owner{Uid{103}, Gid{103}})) << "the " << fails_at << "th look";
    } while (looked >= fails_at);
    EXPECT_GT(fails_at, 2);
}

// A destination that is a mount of its own is tested apart. What could not be tested is said, or tested all the same.
TEST_F(DisturbedApply, SaysThatADestinationOfItsOwnCouldNotBeTested)
{
    int opened = 0, fails_at = 0;
    do {
        EngineWorld mounted;
        mounted.make_directory("/srv", Mode{0755}, {});
        mounted.make_directory("/srv/redis");
        mounted.make_directory("/var/mail-state/lib-redis");
        ASSERT_TRUE(mounted.fake.bind("/srv/redis", "/var/mail-state/lib-redis"));
        ++fails_at;
        opened = 0;
        mounted.fake.set_hook([&](std::string_view call, std::string_view path) {
            return call == "openat2" && path == "/var/mail-state" && ++opened == fails_at ? EACCES : 0;
        });
        const Report report = mounted.apply();
        mounted.fake.set_hook({});
        const auto is_bad = [](const Finding& finding) { return finding.severity >= Severity::warning; };
        const auto& found = report.findings;
        const bool said = report.outcome != Outcome::done || std::any_of(found.begin(), found.end(), is_bad);
        const std::string ledger = mounted.newest_ledger();
        EXPECT_TRUE(said || ledger.find("\"mounts\"") != std::string::npos) << "the " << fails_at << "th open";
    } while (opened >= fails_at);
}

}  // namespace
