// SPDX-License-Identifier: MIT
// Whose word counts for the numbers of users, and what a file keeps that gets a new owner.
#include <gtest/gtest.h>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

constexpr Owner owner_of_share{Uid{5000}, Gid{5000}};

// The image renumbers redis, and a file of redis on the volume has bits that are worth something.
class RenumberTrust : public ::testing::Test {
protected:
    RenumberTrust()
    {
        (void)world.apply();
        world.own("/var/mail-state/lib-plain/file", {Uid{101}, Gid{101}}, Mode{06755});
        world.set_user("redis", 150);
    }
    [[nodiscard]] Attributes file() const { return world.attributes("/var/mail-state/lib-plain/file"); }
    // A share on which another user decides who owns what.
    void make_share()
    {
        FilesystemFacts facts = *world.fake.reader().filesystem(*world.fake.reader().open("/var/mail-state"));
        facts.kind = FilesystemClass::fuse;
        facts.type = "fuse.bindfs";
        world.fake.set_facts("/var/mail-state", facts);
        (void)world.apply();  // with the capabilities of this one
        const DirectoryRef volume = *world.fake.reader().open("/var/mail-state");
        const Attributes seen = *world.fake.reader().attributes(volume);
        ASSERT_TRUE(world.fake.writer().change_ownership(volume, seen, owner_of_share, Mode{0755}));
    }

    EngineWorld world;
};

TEST_F(RenumberTrust, TranslatesByALedgerOfRootsAndLeavesNoSetIdBits)
{
    const Report report = world.apply();
    EXPECT_FALSE(has_finding(report.findings, "ids.not-believed"));
    EXPECT_EQ(file().owner, (Owner{Uid{150}, Gid{150}}));
    EXPECT_EQ(file().mode, Mode{0755});
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(RenumberTrust, BelievesNoWorkspaceThatIsNotRoots)
{
    world.set_user("redis", 101);
    make_share();
    world.own("/var/mail-state/.mailstate", owner_of_share, Mode{0700});
    world.set_user("redis", 150);
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "ids.not-believed"));
    EXPECT_EQ(file().owner, (Owner{Uid{101}, Gid{101}}));
    EXPECT_EQ(file().mode, Mode{06755});
}

TEST_F(RenumberTrust, BelievesNoLedgerOfAnotherUser)
{
    for (const auto& [name, content] : world.tree("/var/mail-state/.mailstate"))
        if (name.starts_with("ledger.")) world.own("/var/mail-state/.mailstate/" + name, owner_of_share, Mode{0600});
    EXPECT_TRUE(has_finding(world.plan().findings, "volume.workspace-foreign"));
    EXPECT_FALSE(world.plan().renumber);
    (void)world.apply();
    EXPECT_EQ(file().owner, (Owner{Uid{101}, Gid{101}}));
}

// As a run leaves it that is killed between link(2) and unlink(2), where a rename that never replaces is refused.
TEST_F(RenumberTrust, BelievesALedgerWhoseOtherNameIsTheOneItWasWrittenUnder)
{
    const std::string workspace = "/var/mail-state/.mailstate";
    std::string newest;
    for (const auto& [name, content] : world.tree(workspace))
        if (name.starts_with("ledger.")) newest = workspace + "/" + name;
    world.make_hard_link(workspace + "/staging/ledger.0123456789abcdef", newest);
    EXPECT_TRUE(world.plan().renumber);
    (void)world.apply();
    EXPECT_EQ(file().owner, (Owner{Uid{150}, Gid{150}}));
    EXPECT_TRUE(world.tree(workspace + "/staging").empty());
}

TEST_F(RenumberTrust, BelievesNoLedgerWithANameThatAnybodyMade)
{
    const std::string workspace = "/var/mail-state/.mailstate";
    for (const auto& [name, content] : world.tree(workspace))
        if (name.starts_with("ledger.")) world.make_hard_link("/var/mail-state/" + name, workspace + "/" + name);
    EXPECT_FALSE(world.plan().renumber);
}

TEST_F(RenumberTrust, BelievesRootsLedgerThatWasOpenedToAGroup)
{
    world.own("/var/mail-state/.mailstate", {Uid{0}, Gid{2000}}, Mode{02770});
    for (const auto& [name, content] : world.tree("/var/mail-state/.mailstate"))
        if (name.starts_with("ledger."))
            world.own("/var/mail-state/.mailstate/" + name, {Uid{0}, Gid{2000}}, Mode{0660});
    const Report report = world.apply();
    EXPECT_TRUE(has_finding(report.findings, "volume.workspace-widened"));
    EXPECT_EQ(world.attributes("/var/mail-state/.mailstate").mode, Mode{0700});
    EXPECT_EQ(file().owner, (Owner{Uid{150}, Gid{150}}));
    EXPECT_FALSE(has_finding(world.plan().findings, "volume.workspace-widened"));
}

}  // namespace
