// SPDX-License-Identifier: MIT
// A destination that was there before mailstate: an interrupted copy of the origin is set aside whole, and only where
// that is shown; everything else wins over the origin.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::HasSubstr;

namespace {

const std::string there = "/var/mail-state/lib-redis";

class ForeignCopy : public ::testing::Test {
protected:
    // As cp -a leaves it where all of it is copied.
    ForeignCopy()
    {
        world.write_file("/var/lib/redis/log", "one\ntwo\nthree\n");
        world.make_directory(there);
        write("dump.rdb", "precious");
        world.make_directory(there + "/sub");
        write("sub/more", "more of it");
        write("log", "one\ntwo\nthree\n");
    }

    void write(const std::string& name, const std::string& content) { world.write_file(there + "/" + name, content); }

    PlanEntry planned()
    {
        plan = world.plan();
        return *std::ranges::find(plan.entries, "redis", &PlanEntry::name);
    }

    [[nodiscard]] const Finding* finding(const std::string& code) const
    {
        const auto found = std::ranges::find(plan.findings, code, &Finding::code);
        return found == plan.findings.end() ? nullptr : &*found;
    }

    // The destination wins, and the origin has more: an error.
    void expect_partial()
    {
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        ASSERT_NE(finding("entry.partial-destination"), nullptr);
        EXPECT_EQ(finding("entry.partial-destination")->severity, Severity::error);
    }

    void expect_its_own()
    {
        EXPECT_EQ(planned().decision, Decision::keep_destination);
        EXPECT_EQ(finding("entry.partial-destination"), nullptr);
    }

    void expect_interrupted()
    {
        EXPECT_EQ(planned().decision, Decision::move);
        ASSERT_NE(finding("entry.interrupted-copy"), nullptr);
        EXPECT_EQ(finding("entry.interrupted-copy")->severity, Severity::warning);
    }

    EngineWorld world;
    Plan plan;
};

TEST_F(ForeignCopy, IsInterruptedWhereAFileIsTheBeginningOfTheOrigins)
{
    write("dump.rdb", "prec");
    expect_interrupted();
    EXPECT_THAT(finding("entry.interrupted-copy")->message, HasSubstr("dump.rdb ends after 4 B of 8 B"));
    const Report report = world.apply();
    EXPECT_EQ(world.read_link("/var/lib/redis"), there);
    EXPECT_EQ(world.read(there + "/dump.rdb"), "precious");
    EXPECT_EQ(world.read(there + "/sub/more"), "more of it");
    const auto displaced = world.tree("/var/mail-state/.mailstate/displaced");
    EXPECT_EQ(std::ranges::count(displaced, "prec", [](const auto& item) { return item.second; }), 1);
    EXPECT_TRUE(has_finding(report.findings, "entry.displaced"));
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(ForeignCopy, IsInterruptedWhereADirectoryIsStillTheCopiers)
{
    world.remove(there + "/sub/more");
    for (const std::uint32_t mode : {0700U, 0755U, 0750U}) {
        world.own(there + "/sub", {Uid{0}, Gid{0}}, Mode{mode});
        expect_interrupted();
    }
}

TEST_F(ForeignCopy, IsInterruptedWhereItsRootIsStillTheCopiers)
{
    world.own(there, {Uid{0}, Gid{0}}, Mode{0700});
    expect_interrupted();
}

TEST_F(ForeignCopy, IsNotInterruptedWhereADirectoryIsRootsAtTheOriginToo)
{
    world.own("/var/lib/redis/sub", {Uid{0}, Gid{0}}, Mode{0755});
    world.own(there + "/sub", {Uid{0}, Gid{0}}, Mode{0755});
    world.remove(there + "/log");
    expect_partial();
}

TEST_F(ForeignCopy, IsNotInterruptedByWhoeverMayWriteADirectory)
{
    for (const std::uint32_t mode : {0777U, 02755U, 0500U}) {
        world.own(there + "/sub", {Uid{0}, Gid{0}}, Mode{mode});
        world.remove(there + "/log");
        expect_partial();
    }
}

TEST_F(ForeignCopy, IsNoMoreThanAskedForWhereNamesAreMissing)
{
    world.remove(there + "/log");
    expect_partial();
    EXPECT_THAT(finding("entry.partial-destination")->message,
                HasSubstr("2 files (18 B) of the origin's 3 files (32 B)"));
    (void)world.apply();
    EXPECT_FALSE(world.exists(there + "/log"));
    const auto displaced = world.tree("/var/mail-state/.mailstate/displaced");
    EXPECT_EQ(std::ranges::count(displaced, "one\ntwo\nthree\n", [](const auto& item) { return item.second; }), 1);
}

TEST_F(ForeignCopy, IsNoneWhereBothAreEqual)
{
    expect_its_own();
}

TEST_F(ForeignCopy, IsNotShownByAnEmptyFileNorByOneOfAProcess)
{
    world.write_file("/var/lib/redis/redis.pid", "123\n");
    world.write_file("/var/lib/redis/redis.lock", "host 1\n");
    write("redis.pid", "12");
    write("redis.lock", "host");
    write("log", "");
    expect_partial();
}

TEST_F(ForeignCopy, IsNoneWhereTheDestinationHasAnythingOfItsOwn)
{
    write("dump.rdb", "prec");
    for (const char* own : {"appendonly.aof", "sub/new"}) {
        write(own, "");
        expect_its_own();
        world.remove(there + "/" + own);
    }
    ASSERT_TRUE(world.fake.make_socket(there + "/redis.sock"));
    expect_its_own();
    world.remove(there + "/redis.sock");
    expect_interrupted();
}

TEST_F(ForeignCopy, IsInterruptedWhateverTheStorageKeepsBesideIt)
{
    write("dump.rdb", "prec");
    world.make_directory(there + "/@eaDir", Mode{0755}, {});
    write("@eaDir/index", "of the NAS");
    write(".DS_Store", "of a desktop");
    expect_interrupted();
    EXPECT_THAT(finding("entry.interrupted-copy")->message, HasSubstr("3 files (28 B) of the origin's 3 files"));
    (void)world.apply();
    EXPECT_EQ(world.read(there + "/dump.rdb"), "precious");
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(ForeignCopy, IsInterruptedWhereRsyncHasLeftATemporaryName)
{
    world.remove(there + "/dump.rdb");
    write(".dump.rdb.Xa12Bc", "prec");
    expect_interrupted();
    EXPECT_THAT(finding("entry.interrupted-copy")->message, HasSubstr("had copied 4 B of 8 B of dump.rdb"));
    write(".dump.rdb.Xa12Bc", "other");
    expect_its_own();
    world.remove(there + "/.dump.rdb.Xa12Bc");
    write(".nothing.Xa12Bc", "prec");
    expect_its_own();
}

TEST_F(ForeignCopy, IsInterruptedWhereRsyncHasLeftADirectoryOfPartialFiles)
{
    world.remove(there + "/sub/more");
    world.make_directory(there + "/sub/.rsync-partial", Mode{0700}, {});
    write("sub/.rsync-partial/more", "more o");
    expect_interrupted();
    write("sub/.rsync-partial/more", "less o");
    expect_its_own();
    write("sub/.rsync-partial/more", "more o");
    write("sub/.rsync-partial/new", "");
    expect_its_own();
}

TEST_F(ForeignCopy, IsAskedForWhereItHasSomethingOfItsOwnAndLittleElse)
{
    for (const char* name : {"/dump.rdb", "/log", "/sub"}) world.remove(there + name);
    write(".gitkeep", "");
    expect_partial();
    EXPECT_THAT(finding("entry.partial-destination")->message,
                HasSubstr("1 file (0 B), some of them not at the origin, and the origin has 3 files (32 B)"));
    write("redis.pid", "123");
    expect_partial();
    write("appendonly.aof", "what the service has written");
    expect_its_own();
}

TEST_F(ForeignCopy, IsNoneWhereAFileDiffersOrIsLonger)
{
    write("dump.rdb", "prec");
    for (const char* content : {"ONE", "one\ntwo\nTHREE\n", "one\ntwo\nthree\nfour\n"}) {
        write("log", content);
        expect_its_own();
    }
}

TEST_F(ForeignCopy, IsNoneWhereANameIsOfAnotherKind)
{
    write("dump.rdb", "precio");
    world.remove(there + "/log");
    world.make_directory(there + "/log");
    expect_its_own();
    world.remove(there + "/log");
    world.make_link(there + "/log", "/dev/null");
    expect_its_own();
}

TEST_F(ForeignCopy, ComparesWhatLinksSay)
{
    write("dump.rdb", "prec");
    world.make_link("/var/lib/redis/link", "dump.rdb");
    world.make_link(there + "/link", "dump.rdb");
    expect_interrupted();
    world.remove(there + "/link");
    world.make_link(there + "/link", "elsewhere");
    expect_its_own();
}

TEST_F(ForeignCopy, IsAskedOfAMountOfItsOwnToo)
{
    world.make_directory("/srv", Mode{0755}, {});
    world.make_directory("/srv/redis");
    world.write_file("/srv/redis/appendonly.aof", "what the service has written");
    ASSERT_TRUE(world.fake.bind("/srv/redis", there));
    expect_its_own();
    world.remove("/srv/redis/appendonly.aof");
    world.write_file("/srv/redis/dump.rdb", "prec");
    expect_partial();  // no mount can be set aside
}

TEST_F(ForeignCopy, IsLookedForOnlyWhereNoWorkspaceEverWas)
{
    write("dump.rdb", "prec");
    const std::string volume = "/var/mail-state/";
    for (const char* trace : {".mailstate/ledger.json", ".mailstate/ledger.broken-1.json", ".mailstate/history.jsonl",
                              ".mailstate/displaced/20260101T000000Z-redis", ".mailstate.old/x", "old.mailstate/x",
                              "backup/history.jsonl"}) {
        for (const std::string directory :
             {".mailstate", ".mailstate/displaced", ".mailstate.old", "old.mailstate", "backup"})
            if (std::string(trace).starts_with(directory + "/"))
                world.make_directory(volume + directory, Mode{0700}, {});
        world.write_file(volume + trace, "{");
        expect_its_own();
        for (const char* directory : {".mailstate", ".mailstate.old", "old.mailstate", "backup"})
            world.remove(volume + directory);
    }
    expect_interrupted();
}

TEST_F(ForeignCopy, IsLookedForBesideWhatAKilledFirstRunMade)
{
    write("dump.rdb", "prec");
    for (const char* directory : {".mailstate", ".mailstate/staging", ".mailstate/displaced"})
        world.make_directory(std::string("/var/mail-state/") + directory, Mode{0700}, {});
    world.write_file("/var/mail-state/.mailstate/lock", "");
    expect_interrupted();
}

TEST_F(ForeignCopy, OfAFileIsAskedTheSame)
{
    world.make_directory("/var/mail-state/etc", Mode{0755}, {});
    world.write_file("/var/mail-state/etc/secret", "s3c");
    (void)planned();
    EXPECT_EQ(std::ranges::find(plan.entries, "secret", &PlanEntry::name)->decision, Decision::move);
    world.write_file("/var/mail-state/etc/secret", "other");
    (void)planned();
    EXPECT_EQ(std::ranges::find(plan.entries, "secret", &PlanEntry::name)->decision, Decision::keep_destination);
}

}  // namespace
