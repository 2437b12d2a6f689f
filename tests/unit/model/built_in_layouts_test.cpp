// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "mailstate/model/glob.hpp"
#include "mailstate/model/layout_json.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

std::string file_text(const std::string& name)
{
    std::ifstream file(std::string(MAILSTATE_SOURCE_DIR) + "/src/layouts/" + name + ".json", std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Layout built_in(const std::string& name)
{
    auto layout = parse_layout(name, built_in_layout_text(name));
    if (!layout) ADD_FAILURE() << describe(layout.error());
    return layout ? *layout : Layout{};
}

const Entry& entry_of(const Layout& layout, std::string_view name)
{
    for (const auto& entry : layout.entries) {
        if (entry.name == name) return entry;
    }
    throw std::out_of_range(std::string(name));
}

std::vector<std::string> enabled_with(const Variables& environment)
{
    const auto layout = built_in("docker-mailserver");
    const auto settings = make_settings(layout, environment, {});
    std::vector<std::string> names;
    for (const auto& entry : layout.entries) {
        if (evaluate(entry.enabled, settings).open) names.push_back(entry.name);
    }
    return names;
}

// Owner and group that the rules give to a path, the last match winning.
std::pair<std::string, std::string> owner_of(const Entry& entry, std::string_view path, Kind kind = Kind::directory)
{
    std::pair<std::string, std::string> owner;
    for (const auto& rule : entry.ownership) {
        if (rule.kind && *rule.kind != kind) continue;
        if (!Glob::compile(rule.match)->matches(path)) continue;
        if (!rule.owner.empty()) owner.first = rule.owner;
        if (!rule.group.empty()) owner.second = rule.group;
    }
    return owner;
}

TEST(BuiltInLayouts, AreThoseOfTheSourceFiles)
{
    const auto names = built_in_layouts();
    ASSERT_FALSE(names.empty());
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
    for (const auto& name : names) {
        EXPECT_FALSE(built_in_layout_text(name).empty()) << name;
        EXPECT_EQ(built_in_layout_text(name), file_text(name)) << name;
    }
}

TEST(BuiltInLayouts, ParseAndCarryTheirOwnName)
{
    for (const auto& name : built_in_layouts()) EXPECT_EQ(built_in(name).name, name);
}

TEST(BuiltInLayouts, HaveNoTextForAnUnknownName)
{
    EXPECT_TRUE(built_in_layout_text("no-such-layout").empty());
}

TEST(DockerMailserverLayout, DerivesDestinationsFromPathsBelowVar)
{
    const auto layout = built_in("docker-mailserver");
    EXPECT_EQ(layout.state_dir, "/var/mail-state");
    EXPECT_EQ(layout.entries.size(), 16U);
    for (const auto& entry : layout.entries) {
        if (entry.kind != Kind::directory) continue;
        auto name = entry.origin.substr(std::string("/var/").size());
        std::replace(name.begin(), name.end(), '/', '-');
        EXPECT_EQ(entry.destination, name);
        EXPECT_EQ(destination_path(layout, entry), "/var/mail-state/" + name);
    }
    const auto& secret = entry_of(layout, "postsrsd-secret");
    EXPECT_EQ(secret.kind, Kind::regular);
    EXPECT_EQ(destination_path(layout, secret), "/var/mail-state/etc/postsrsd.secret");
}

TEST(DockerMailserverLayout, EnablesWhatUpstreamEnablesByDefault)
{
    EXPECT_THAT(enabled_with({}), UnorderedElementsAre("postfix-spool", "postfix", "logrotate", "dovecot", "amavis"));
}

TEST(DockerMailserverLayout, LeavesDovecotOutOfARelay)
{
    EXPECT_THAT(enabled_with({{"SMTP_ONLY", "1"}, {"ENABLE_AMAVIS", "0"}}),
                UnorderedElementsAre("postfix-spool", "postfix", "logrotate"));
}

TEST(DockerMailserverLayout, LetsRedisFollowRspamd)
{
    const Variables minimal = {{"SMTP_ONLY", "1"}, {"ENABLE_AMAVIS", "0"}, {"ENABLE_RSPAMD", "1"}};
    EXPECT_THAT(enabled_with(minimal), testing::IsSupersetOf({"rspamd", "redis"}));
    auto without = minimal;
    without["ENABLE_RSPAMD_REDIS"] = "0";
    EXPECT_THAT(enabled_with(without), testing::Not(testing::Contains("redis")));
}

TEST(DockerMailserverLayout, NeedsAmavisForSpamassassin)
{
    EXPECT_THAT(enabled_with({{"ENABLE_SPAMASSASSIN", "1"}}), testing::Contains("spamassassin"));
    EXPECT_THAT(enabled_with({{"ENABLE_SPAMASSASSIN", "1"}, {"ENABLE_AMAVIS", "0"}}),
                testing::Not(testing::Contains("spamassassin")));
}

TEST(DockerMailserverLayout, EnablesTheSecretTogetherWithPostsrsd)
{
    EXPECT_THAT(enabled_with({{"ENABLE_SRS", "1"}}), testing::IsSupersetOf({"postsrsd", "postsrsd-secret"}));
}

TEST(DockerMailserverLayout, OwnsTheSpoolSoThatPostfixCheckIsSilent)
{
    const auto layout = built_in("docker-mailserver");
    const auto& spool = entry_of(layout, "postfix-spool");
    using Owner = std::pair<std::string, std::string>;
    EXPECT_EQ(owner_of(spool, ""), Owner("root", "root"));
    EXPECT_EQ(owner_of(spool, "pid"), Owner("root", "root"));
    EXPECT_EQ(owner_of(spool, "pid/inet.smtp"), Owner("root", "root"));
    EXPECT_EQ(owner_of(spool, "active"), Owner("postfix", "root"));
    EXPECT_EQ(owner_of(spool, "deferred/A/A1"), Owner("postfix", "root"));
    EXPECT_EQ(owner_of(spool, "private/smtp"), Owner("postfix", "root"));
    EXPECT_EQ(owner_of(spool, "maildrop"), Owner("postfix", "postdrop"));
    EXPECT_EQ(owner_of(spool, "maildrop/1A2B"), Owner("postfix", "postdrop"));
    EXPECT_EQ(owner_of(spool, "public"), Owner("postfix", "postdrop"));
    EXPECT_EQ(owner_of(spool, "public/pickup"), Owner("postfix", "postdrop"));
}

TEST(DockerMailserverLayout, SetsTheModesOfMaildropAndPublic)
{
    const auto layout = built_in("docker-mailserver");
    const auto& rules = entry_of(layout, "postfix-spool").ownership;
    ASSERT_EQ(rules[4].match, "maildrop");
    EXPECT_EQ(rules[4].mode, Mode{0730});
    EXPECT_TRUE(rules[4].exact_mode);
    ASSERT_EQ(rules[5].match, "public");
    EXPECT_EQ(rules[5].mode, Mode{0710});
    EXPECT_FALSE(rules[5].exact_mode);
}

TEST(DockerMailserverLayout, GivesBinariesToPostdropAndLeavesTheirOwner)
{
    const auto binaries = built_in("docker-mailserver").binaries;
    ASSERT_EQ(binaries.size(), 2U);
    EXPECT_EQ(binaries[0].path, "/usr/sbin/postdrop");
    EXPECT_EQ(binaries[1].path, "/usr/sbin/postqueue");
    for (const auto& binary : binaries) {
        EXPECT_EQ(binary.owner, "");
        EXPECT_EQ(binary.group, "postdrop");
        EXPECT_EQ(binary.mode, Mode{02755});
    }
}

TEST(DockerMailserverLayout, NamesWhatMayBeDropped)
{
    const auto layout = built_in("docker-mailserver");
    EXPECT_THAT(entry_of(layout, "rspamd").disposable, ElementsAre("stats.ucl", "*.hsmp"));
    EXPECT_THAT(entry_of(layout, "postsrsd-secret").disposable, ElementsAre("."));
    EXPECT_THAT(entry_of(layout, "clamav").disposable, ElementsAre("*.cvd", "*.cld", "*.cud"));
    EXPECT_THAT(entry_of(layout, "amavis").stale, ElementsAre("amavisd.pid"));
    EXPECT_THAT(entry_of(layout, "postfix-spool").stale, ElementsAre("pid/*", "private/auth"));
    EXPECT_THAT(entry_of(layout, "postfix-spool").disposable_if_equal_to_root,
                ElementsAre("{dev,etc,lib,usr}", "{dev,etc,lib,usr}/**"));
    EXPECT_THAT(entry_of(layout, "postfix-spool").needs, ElementsAre(Ability::chown, Ability::sgid, Ability::fifo,
                                                                     Ability::socket, Ability::rename, Ability::fsync));
}

// What Postfix makes while it runs is its user's and its group's; the directories that its package makes are root's
// group's. With other rules each start would change what the run before has made.
TEST(MailcowLayout, OwnsTheSpoolAsPostfixItselfMakesIt)
{
    using Owner = std::pair<std::string, std::string>;
    for (const std::string name : {"mailcow", "mailu"}) {
        const auto layout = built_in(name);
        const auto& spool = entry_of(layout, "postfix-spool");
        EXPECT_EQ(owner_of(spool, ""), Owner("root", "root"));
        EXPECT_EQ(owner_of(spool, "pid"), Owner("root", "root"));
        EXPECT_EQ(owner_of(spool, "pid/unix.smtp", Kind::regular), Owner("root", "root"));
        EXPECT_EQ(owner_of(spool, "deferred"), Owner("postfix", "root"));
        EXPECT_EQ(owner_of(spool, "deferred/A"), Owner("postfix", "postfix"));
        EXPECT_EQ(owner_of(spool, "deferred/A/A1", Kind::regular), Owner("postfix", "postfix"));
        EXPECT_EQ(owner_of(spool, "private"), Owner("postfix", "root"));
        EXPECT_EQ(owner_of(spool, "maildrop"), Owner("postfix", "postdrop"));
        EXPECT_EQ(owner_of(spool, "maildrop/1A2B", Kind::regular), Owner("", "postdrop"));  // pickup logs its owner
        EXPECT_EQ(owner_of(spool, "public"), Owner("postfix", "postdrop"));
        // Postfix makes its sockets anew. Those in public have the group of a directory with SGID, as Debian 12 has it.
        for (const char* const made : {"private/smtp", "public/pickup"})
            EXPECT_EQ(owner_of(spool, made, Kind::socket), Owner("", ""));
        EXPECT_EQ(owner_of(spool, "another's"), Owner("", ""));
    }
}

// As postfix set-permissions leaves them, which both projects run at each start: its postfix-files says 710 for public,
// and chmod(1) keeps the SGID bit that Debian gives it up to release 12, and from 13 on does not.
TEST(MailcowLayout, SetsTheModesThatPostfixItselfSets)
{
    for (const std::string name : {"mailcow", "mailu"}) {
        const auto layout = built_in(name);
        const auto& rules = entry_of(layout, "postfix-spool").ownership;
        ASSERT_EQ(rules.size(), 7U);
        EXPECT_EQ(rules[5].match, "maildrop");
        EXPECT_EQ(rules[5].mode, Mode{0730});
        EXPECT_EQ(rules[6].match, "public");
        EXPECT_EQ(rules[6].mode, Mode{0710});
        EXPECT_FALSE(rules[6].exact_mode);
        ASSERT_EQ(layout.binaries.size(), 2U);
        for (const auto& binary : layout.binaries) EXPECT_EQ(binary.mode, Mode{02755});
    }
}

TEST(MailuLayout, SparesTheDirectoriesOfOtherContainersInsideAServices)
{
    const auto layout = built_in("mailu");
    EXPECT_THAT(entry_of(layout, "data").spare, ElementsAre("fetchmail"));
    EXPECT_THAT(entry_of(layout, "rspamd").spare, ElementsAre("clamav"));
}

}  // namespace
}  // namespace mailstate
