// SPDX-License-Identifier: MIT
#include "engine/ownership_rules.hpp"

#include <gtest/gtest.h>

#include "mailstate/model/layout_json.hpp"

using namespace mailstate;

namespace {

class PostfixRules : public ::testing::Test {
protected:
    PostfixRules()
    {
        ids.users = {{"root", Uid{0}}, {"postfix", Uid{101}}};
        ids.groups = {{"root", Gid{0}}, {"postdrop", Gid{103}}};
        const Layout layout = *parse_layout("l", built_in_layout_text("docker-mailserver"));
        entry = entry_named(layout, "postfix-spool");
    }

    Wanted wanted(const std::string& path, Kind kind, std::uint32_t mode, Owner owner)
    {
        Attributes item;
        item.kind = kind;
        item.mode = Mode{mode};
        item.owner = owner;
        return OwnershipRules::make(entry, ids)->wanted(path, item, owner);
    }

    Identities ids;
    Entry entry;
    Owner root{}, postfix{Uid{101}, Gid{0}}, postdrop{Uid{101}, Gid{103}};
};

TEST_F(PostfixRules, GiveTheQueueToPostfixAndItsRootToRoot)
{
    EXPECT_EQ(wanted("", Kind::directory, 0755, postfix).owner, root);
    EXPECT_EQ(wanted("active", Kind::directory, 0700, root).owner, postfix);
    EXPECT_EQ(wanted("deferred/A/B", Kind::regular, 0700, root).owner, postfix);
    EXPECT_EQ(wanted("pid", Kind::directory, 0755, postfix).owner, root);
    EXPECT_EQ(wanted("pid/master.lock", Kind::regular, 0600, postfix).owner, root);
}

TEST_F(PostfixRules, MakeMaildropExactlyAndKeepTheSgidOfPublic)
{
    EXPECT_EQ(wanted("maildrop", Kind::directory, 01730, root).owner, postdrop);
    EXPECT_EQ(wanted("maildrop", Kind::directory, 01730, root).mode.bits, 0730U);
    EXPECT_EQ(wanted("public", Kind::directory, 02710, postdrop).mode.bits, 02710U);
    EXPECT_EQ(wanted("public", Kind::directory, 0755, postdrop).mode.bits, 0710U);
    EXPECT_EQ(wanted("public/pickup", Kind::fifo, 0622, postfix).owner, postdrop);
}

TEST_F(PostfixRules, TakeSuidAndSgidFromAFileThatChangesHands)
{
    EXPECT_EQ(wanted("pid/planted", Kind::regular, 06755, postfix).mode.bits, 0755U);
    EXPECT_EQ(wanted("pid/planted", Kind::regular, 06755, postfix).owner, root);
    EXPECT_EQ(wanted("active/mine", Kind::regular, 02755, postfix).mode.bits, 02755U);
}

TEST_F(PostfixRules, TakeSuidAndSgidFromAFileThatIsRenumbered)
{
    Attributes item;
    item.kind = Kind::regular;
    item.mode = Mode{06755};
    item.owner = {Uid{205}, Gid{0}};
    const OwnershipRules rules = *OwnershipRules::make(entry, ids);
    EXPECT_EQ(rules.wanted("active/mine", item, postfix).owner, postfix);
    EXPECT_EQ(rules.wanted("active/mine", item, postfix).mode.bits, 0755U);
    EXPECT_EQ(kept_by(item, postfix).mode.bits, 0755U);
    EXPECT_EQ(kept_by(item, item.owner).mode.bits, 06755U);
    item.kind = Kind::directory;
    EXPECT_EQ(kept_by(item, postfix).mode.bits, 06755U);
}

TEST_F(PostfixRules, LeaveSuidAndSgidThatAModeOfFourDigitsNames)
{
    entry.ownership.push_back({"active/tool", "", "postdrop", Mode{02755}, true, {}});
    EXPECT_EQ(wanted("active/tool", Kind::regular, 02755, root).mode.bits, 02755U);
    EXPECT_EQ(wanted("active/tool", Kind::regular, 0700, root).mode.bits, 02755U);
    entry.ownership.push_back({"active/tool", "", "", Mode{0755}, false, {}});
    EXPECT_EQ(wanted("active/tool", Kind::regular, 02755, root).mode.bits, 0755U);
}

TEST_F(PostfixRules, NeverChangeTheModeOfALink)
{
    EXPECT_EQ(wanted("maildrop", Kind::symlink, 0777, root).mode.bits, 0777U);
}

TEST_F(PostfixRules, AreRefusedWhereANameIsUnknown)
{
    ids.groups.erase("postdrop");
    const Result<OwnershipRules> rules = OwnershipRules::make(entry, ids);
    ASSERT_FALSE(rules);
    EXPECT_NE(describe(rules.error()).find("postdrop"), std::string::npos);
}

}  // namespace
