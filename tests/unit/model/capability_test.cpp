// SPDX-License-Identifier: MIT
// What is known of a volume's abilities, what is guessed, and which cause is named for what is lacking.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <linux/capability.h>

#include <cerrno>

#include "mailstate/model/capability.hpp"
#include "mailstate/model/survey.hpp"
#include "model/volume_causes.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t all_capabilities = ~std::uint64_t{0};

TEST(Capability, IsLackingOnlyWhereItIsKnown)
{
    Capabilities known;
    known.tested = {
        {Ability::chown, can}, {Ability::sgid, {Verdict::without_effect, 0}}, {Ability::fifo, refused(EPERM)}};
    EXPECT_FALSE(lacks(known, Ability::chown));
    EXPECT_TRUE(lacks(known, Ability::sgid));
    EXPECT_TRUE(lacks(known, Ability::fifo));
    EXPECT_FALSE(lacks(known, Ability::acl));
}

// What ledgers hold since their first version.
TEST(Capability, ReadsBackTheWordsOfEveryOutcome)
{
    for (const char* text :
         {"yes", "lies", "no (EPERM)", "no (E4000)", "no (by its type)", "no (others can write the workspace)",
          "no (the workspace belongs to another user)", "no (a lock excludes nobody)", "on this machine only",
          "no (a lease instead)", "no (whole seconds)", "no (coarse)", "no (names differing in case are one)"}) {
        ASSERT_TRUE(tested_from(text)) << text;
        EXPECT_EQ(text_of(*tested_from(text)), text);
        EXPECT_EQ(is_lacking(*tested_from(text)), text != std::string_view("yes")) << text;
    }
    for (const char* text : {"", "no", "no (ENOSUCH)", "no (EPERM", "maybe"}) EXPECT_FALSE(tested_from(text)) << text;
}

TEST(Capability, KeepsTheWordsOfAnotherVersion)
{
    const std::map<std::string, std::string> words = {{"chown", "no (EPERM)"}, {"flight", "yes"},
                                                      {"lock", "by mail"},     {"made-by-root", "65534:65534"},
                                                      {"made-mode", "0711"},   {"made-by-user", "01:2"}};
    const Capabilities known = capabilities_from(words);
    EXPECT_EQ(words_of(known), words);
    EXPECT_TRUE(lacks(known, Ability::chown));
    EXPECT_FALSE(lacks(known, Ability::lock));
    EXPECT_EQ(known.made_by_root, (Owner{Uid{65534}, Gid{65534}}));
    EXPECT_EQ(known.made_mode, Mode{0711});
    EXPECT_FALSE(known.made_by_user);
}

TEST(Capability, HasOneNameEach)
{
    for (const AbilityRow& row : abilities) EXPECT_EQ(ability_named(row.name), row.ability) << row.name;
    EXPECT_FALSE(ability_named("chwon"));
}

TEST(Capability, WritesOwnersAndReadsThemBack)
{
    const Owner owner{Uid{4294967294U}, Gid{7}};
    EXPECT_EQ(owner_numbers(owner), "4294967294:7");
    EXPECT_EQ(owner_from("4294967294:7"), owner);
    for (const char* text : {"", "1", ":", "1:", ":1", "a:b", "4294967296:1", "-1:1"}) EXPECT_FALSE(owner_from(text));
}

TEST(Capability, IsTestedAgainWhereTheVolumeOrTheProcessIsAnother)
{
    FilesystemFacts facts;
    facts.type = "nfs4";
    facts.source = "server:/state";
    facts.options = "rw,vers=4.2,clientaddr=10.0.0.1,port=0";
    ProcessFacts process;
    process.effective_capabilities = all_capabilities;
    const std::string before = volume_identity(facts, process);
    facts.options = "rw,vers=4.2,clientaddr=10.0.0.7,port=0";
    EXPECT_EQ(volume_identity(facts, process), before);
    facts.options = "ro,vers=4.2";
    EXPECT_NE(volume_identity(facts, process), before);
    facts.options = "rw,vers=4.2,clientaddr=10.0.0.1,port=0";
    process.effective_capabilities &= ~(1ULL << CAP_FSETID);
    EXPECT_NE(volume_identity(facts, process), before);
    process.effective_capabilities = all_capabilities;
    process.uid_map = {{0, 100000, 65536}};
    EXPECT_NE(volume_identity(facts, process), before);
}

TEST(Capability, GuessesNothingOfNetworks)
{
    FilesystemFacts facts;
    facts.type = "nfs4";
    EXPECT_TRUE(is_empty(inferred_capabilities(facts)));
    facts.type = "ext4";
    EXPECT_EQ(tested(inferred_capabilities(facts), Ability::exchange), can);
    facts.type = "vfat";
    EXPECT_TRUE(lacks(inferred_capabilities(facts), Ability::chown));
}

TEST(Capability, KnowsWhichIdsAMapHas)
{
    const std::vector<IdRange> map = {{0, 1000, 1}, {100, 5000, 10}};
    EXPECT_TRUE(can_express(map, 0));
    EXPECT_FALSE(can_express(map, 1));
    EXPECT_TRUE(can_express(map, 109));
    EXPECT_FALSE(can_express(map, 110));
    EXPECT_TRUE(can_express({}, 65534));
}

class Cause : public testing::Test {
protected:
    Cause()
    {
        facts.type = "nfs4";
        facts.source = "server:/state";
        process.effective_capabilities = all_capabilities;
    }

    Finding of(Ability lacking, const std::map<std::string, std::string>& found)
    {
        return cause_of(lacking, VolumeEvidence{capabilities_from(found), facts, process});
    }

    FilesystemFacts facts;
    ProcessFacts process;
};

TEST_F(Cause, IsRootSquashWhereOnlyRootsFilesBelongToNobody)
{
    const Finding found =
        of(Ability::chown, {{"chown", "no (EPERM)"}, {"made-by-root", "65534:65534"}, {"made-by-user", "101:104"}});
    EXPECT_EQ(found.code, "volume.root-squash");
    EXPECT_THAT(found.hint, HasSubstr("no_root_squash"));
    EXPECT_EQ(of(Ability::create, {{"create", "no (EACCES)"}}).code, "volume.root-squash");
    const Finding anonymous =
        of(Ability::chown, {{"chown", "no (EPERM)"}, {"made-by-root", "1005:100"}, {"made-by-user", "101:104"}});
    EXPECT_THAT(anonymous.message, HasSubstr("anonuid=1005"));
}

TEST_F(Cause, IsAllSquashWhereEverybodysDo)
{
    const Finding found =
        of(Ability::chown, {{"chown", "no (EPERM)"}, {"made-by-root", "65534:65534"}, {"made-by-user", "65534:65534"}});
    EXPECT_EQ(found.code, "volume.all-squash");
    EXPECT_THAT(found.hint, HasSubstr("no_all_squash"));
}

TEST_F(Cause, IsIdMappingWhereOwnersBecomeNobody)
{
    EXPECT_EQ(of(Ability::chown, {{"chown", "lies"}, {"made-by-root", "0:0"}, {"chown-gives", "65534:65534"}}).code,
              "volume.id-mapping");
    EXPECT_EQ(of(Ability::chown, {{"chown", "no (EINVAL)"}, {"made-by-root", "0:0"}}).code, "volume.id-mapping");
}

TEST_F(Cause, IsALabelWhereSelinuxRefusesRoot)
{
    facts.type = "ext4";
    facts.options = "rw,relatime,seclabel";
    EXPECT_EQ(of(Ability::create, {{"create", "no (EACCES)"}}).code, "volume.selinux");
    EXPECT_EQ(of(Ability::create, {{"create", "no (EROFS)"}}).code, "volume.not-writable");
    facts.options = "rw,relatime";
    EXPECT_EQ(of(Ability::create, {{"create", "no (EACCES)"}}).code, "volume.not-writable");
}

TEST_F(Cause, IsAShareWithOneOwner)
{
    for (const char* type : {"cifs", "virtiofs", "9p", "fuse.bindfs"}) {
        facts.type = type;
        EXPECT_EQ(
            of(Ability::chown, {{"chown", "lies"}, {"made-by-root", "1000:1000"}, {"made-by-user", "1000:1000"}}).code,
            "volume.fixed-owner")
            << type;
    }
}

TEST_F(Cause, IsTheProcessBeforeTheVolume)
{
    process.effective_capabilities = 0;
    EXPECT_EQ(of(Ability::chown, {{"chown", "no (EPERM)"}, {"made-by-root", "0:0"}}).code, "process.capability");
    EXPECT_THAT(of(Ability::sgid, {{"sgid", "lies"}}).message, HasSubstr("CAP_FSETID"));
    EXPECT_THAT(of(Ability::create, {{"create", "no (EACCES)"}}).message, HasSubstr("CAP_DAC_OVERRIDE"));
}

TEST_F(Cause, NamesAnIdmappedMount)
{
    facts.type = "ext4";
    facts.options = "rw,idmapped";
    EXPECT_EQ(of(Ability::chown, {{"chown", "no (EOVERFLOW)"}, {"made-by-root", "0:0"}}).code, "volume.idmapped");
}

TEST_F(Cause, IsTheVolumesOwnWordElse)
{
    facts.type = "ext4";
    EXPECT_EQ(of(Ability::chown, {{"chown", "lies"}, {"made-by-root", "0:0"}}).code, "volume.ignores-chown");
    EXPECT_EQ(of(Ability::chown, {{"chown", "no (EPERM)"}, {"made-by-root", "0:0"}}).code, "volume.refuses-chown");
    EXPECT_EQ(of(Ability::socket, {{"socket", "no (EPERM)"}}).code, "volume.lacks-socket");
    EXPECT_EQ(of(Ability::sgid, {{"sgid", "lies"}, {"made-by-root", "0:0"}}).code, "volume.lacks-sgid");
}

TEST_F(Cause, SaysWhatIsPeculiarThoughNothingFails)
{
    facts.options = "rw,noexec";
    facts.nosuid = true;
    Capabilities found;
    found.tested = {{Ability::case_sensitive, {Verdict::folds, 0}},
                    {Ability::mtime_ns, {Verdict::whole_seconds, 0}},
                    {Ability::lock, {Verdict::excludes_nobody, 0}}};
    found.made_mode = Mode{0777};
    std::vector<std::string> codes;
    for (const Finding& finding : peculiarities({found, facts, process}, "/var/mail-state"))
        codes.push_back(finding.code);
    EXPECT_THAT(codes, testing::UnorderedElementsAre("volume.folds-case", "volume.coarse-times", "volume.fixed-mode",
                                                     "volume.no-locks", "volume.noexec", "volume.nosuid"));
}

TEST_F(Cause, NamesLocksThatStayOnThisMachine)
{
    const auto keeps = [&](const char* type, const char* options) {
        facts.type = type;
        facts.options = options;
        return keeps_locks_here(facts);
    };
    EXPECT_TRUE(keeps("nfs", "rw,vers=3,nolock,local_lock=all"));
    EXPECT_TRUE(keeps("nfs4", "rw,vers=4.2,local_lock=posix"));
    EXPECT_TRUE(keeps("cifs", "rw,nobrl,vers=3.1.1"));
    EXPECT_TRUE(keeps("fuse.sshfs", "rw,user_id=0"));
    EXPECT_TRUE(keeps("fuse", "rw,user_id=0"));
    EXPECT_FALSE(keeps("nfs4", "rw,vers=4.2,local_lock=none"));
    EXPECT_FALSE(keeps("nfs", "rw,vers=3,local_lock=flock"));  // ours are POSIX locks
    EXPECT_FALSE(keeps("cifs", "rw,source=nolock"));
    EXPECT_FALSE(keeps("ext4", "rw"));
    EXPECT_FALSE(keeps("fuse.bindfs", "rw"));
    facts.type = "nfs";
    Capabilities here;
    here.tested[Ability::lock] = {Verdict::on_this_machine, 0};
    std::vector<std::string> codes;
    for (const Finding& finding : peculiarities({here, facts, process}, "/var/mail-state"))
        codes.push_back(finding.code);
    EXPECT_THAT(codes, testing::ElementsAre("volume.local-locks"));
}

TEST(SingleOwner, IsTheOneThatAllRulesName)
{
    Identities ids;
    ids.users = {{"redis", Uid{101}}, {"root", Uid{0}}};
    ids.groups = {{"redis", Gid{104}}, {"root", Gid{0}}, {"adm", Gid{4}}};
    Entry entry;
    entry.ownership = {{"**", "redis", "redis", {}, false, {}}};
    EXPECT_EQ(single_owner(entry, ids), (Owner{Uid{101}, Gid{104}}));
    entry.ownership.push_back({"*.conf", "", "", Mode{0640}, true, Kind::regular});
    EXPECT_TRUE(single_owner(entry, ids));
    entry.ownership.push_back({"logs", "", "adm", {}, false, {}});
    EXPECT_FALSE(single_owner(entry, ids));
    entry.ownership = {{"**", "root", "root", {}, false, {}}};
    EXPECT_FALSE(single_owner(entry, ids));
    entry.ownership = {{"**", "unknown", "redis", {}, false, {}}};
    EXPECT_FALSE(single_owner(entry, ids));
    entry.ownership = {};
    EXPECT_FALSE(single_owner(entry, ids));
}

}  // namespace
}  // namespace mailstate
