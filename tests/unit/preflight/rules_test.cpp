// SPDX-License-Identifier: MIT
// The whole rule book: every rule is there, finds its bad example, and leaves the good twin alone.
#include <gmock/gmock.h>

#include <set>

#include "mailstate/base/text.hpp"
#include "unit/preflight/rule_cases.hpp"

namespace mailstate {

namespace {

// The rule book's ids, as its rows give them.
const std::set<std::string> rule_book{"dms.one-dir-removed",
                                      "dms.direct-mount",
                                      "dms.state-on-network",
                                      "dms.state-not-mounted",
                                      "dms.state-traversal",
                                      "dms.sgid-lost",
                                      "dms.id-drift",
                                      "dms.free-space",
                                      "dms.partial-destination",
                                      "dms.nested-link",
                                      "dms.orphan",
                                      "dms.socket-path",
                                      "dms.stale-runtime",
                                      "dms.shared-volume",
                                      "dms.getmail-state",
                                      "dms.getmail-config",
                                      "dms.rspamd-modules",
                                      "dms.env-removed",
                                      "dms.saslauthd-default",
                                      "dms.image-moved",
                                      "dms.env-syntax",
                                      "dms.ldap-scheme",
                                      "dms.cf-lines",
                                      "dms.chroot-remains",
                                      "dms.sasl-socket",
                                      "dms.smtps-name",
                                      "dms.solr",
                                      "dms.dovecot-24",
                                      "dms.quota-alias-1600",
                                      "dms.quota-field",
                                      "dms.network-options",
                                      "dms.fs-group",
                                      "dms.sieve-home",
                                      "dms.ldap-16",
                                      "dms.supervisor-mount",
                                      "dms.spam-subject-default",
                                      "dms.opendmarc-hold",
                                      "dms.relay-restrictions",
                                      "dms.sender-restrictions",
                                      "dms.postfix-renamed",
                                      "dms.protocols-d",
                                      "dms.srs-secret",
                                      "dms.alias-bare-target",
                                      "mailu.postgresql",
                                      "mailu.dnssec-resolver",
                                      "mailu.real-ip",
                                      "mailu.auth-ratelimit",
                                      "mailu.rspamd-map-path",
                                      "mailcow.login-2025-03",
                                      "mailcow.mta-sts",
                                      "mailcow.docker-versions",
                                      "dms.relay-map-ignored",
                                      "dms.relay-map-activates",
                                      "dms.relay-host-blank",
                                      "dms.relay-no-credentials",
                                      "dms.relay-unused-credentials",
                                      "dms.relay-credentials-moved",
                                      "dms.relay-opt-out-no-effect",
                                      "dms.relay-465",
                                      "dms.relay-all-tls",
                                      "dms.relay-ldap",
                                      "dms.alias-shadows-account",
                                      "dms.alias-keeps-copy",
                                      "dms.alias-quota-twin",
                                      "dms.alias-loop",
                                      "dms.catch-all-captures",
                                      "dms.prefix-clash",
                                      "dms.forward-no-srs",
                                      "dms.forward-no-arc",
                                      "dms.arc-key",
                                      "dms.arc-authenticated",
                                      "mailu.lmtp-tls",
                                      "mailu.tls-enforce-policy",
                                      "mailu.lmtp-ratelimit",
                                      "mailu.ports",
                                      "mailu.proxy-protocol",
                                      "mailu.images",
                                      "mailu.state-not-mounted",
                                      "mailu.overrides-moved",
                                      "mailu.nested-mount",
                                      "mailu.overrides-path",
                                      "mailu.fts",
                                      "mailu.tls-flavor",
                                      "mailu.env-renamed",
                                      "mailu.downgrade",
                                      "mailu.network-fs",
                                      "mailu.hardened-malloc",
                                      "mailcow.sni-default",
                                      "mailcow.sni-skip",
                                      "mailcow.sni-stale",
                                      "mailcow.sni-map",
                                      "mailcow.sni-compiled",
                                      "mailcow.hook-mode",
                                      "mailcow.override-service",
                                      "mailcow.dnsbl-autogenerated",
                                      "mailcow.redis-password",
                                      "mailcow.nginx-edits",
                                      "mailcow.daemon-json",
                                      "mailcow.sogo-paths",
                                      "mailcow.postfix-310",
                                      "mailcow.ssl-files",
                                      "mailcow.mysql-downgrade",
                                      "mailcow.env-removed",
                                      "mailcow.hostname"};

const std::vector<RuleCase>& cases_of(System system)
{
    if (system == System::mailu) return mailu_cases();
    return system == System::mailcow ? mailcow_cases() : docker_mailserver_cases();
}

constexpr System systems[] = {System::docker_mailserver, System::mailu, System::mailcow};

class RuleBook : public testing::TestWithParam<System> {};

TEST(RuleBook, HasEveryRuleAndNoOther)
{
    std::set<std::string> ids;
    for (const System system : systems)
        for (const Rule& rule : rules_of(system)) EXPECT_TRUE(ids.emplace(rule.id).second) << rule.id << " twice";
    EXPECT_EQ(ids, rule_book);
}

TEST(RuleBook, HasAnExampleForEveryRule)
{
    std::set<std::string> ids;
    for (const System system : systems)
        for (const RuleCase& each : cases_of(system)) ids.emplace(each.id);
    ids.emplace("mailcow.docker-versions");  // never sure: see NeverKnowsTheVersionsOfDocker
    EXPECT_EQ(ids, rule_book);
}

TEST(RuleBook, ExplainsEveryRule)
{
    for (const System system : systems)
        for (const Rule& rule : rules_of(system)) {
            EXPECT_FALSE(rule.meaning.empty() || rule.cause.empty() || rule.reference.empty()) << rule.id;
            EXPECT_TRUE(rule.cause.ends_with('.')) << rule.id << ": a cause is a sentence with a stop";
            EXPECT_TRUE(rule.hint.ends_with('.')) << rule.id << ": a hint is a sentence with a stop";
            EXPECT_EQ(find_rule(rule.id), &rule);
        }
}

TEST_P(RuleBook, FindsTheBadExampleAndLeavesItsTwinAlone)
{
    for (const RuleCase& each : cases_of(GetParam())) {
        SCOPED_TRACE(each.id);
        RuleWorld bad(GetParam()), good(GetParam());
        each.bad(bad);
        each.good(good);
        const std::vector<Finding> found = bad.found(each.id);
        EXPECT_FALSE(found.empty());
        for (const Finding& finding : found) {
            EXPECT_FALSE(finding.subject.empty() || finding.message.empty() || finding.hint.empty());
            EXPECT_FALSE(finding.message.ends_with('.')) << finding.message;
        }
        for (const Finding& finding : good.found(each.id)) ADD_FAILURE() << finding.subject << ": " << finding.message;
    }
}

// Numbers are told to machines without their unit, and what is empty is not told.
TEST_P(RuleBook, NamesForMachinesWhatItsMessageIsMadeOf)
{
    for (const RuleCase& each : cases_of(GetParam())) {
        RuleWorld bad(GetParam());
        each.bad(bad);
        const RuleVerdict verdict = bad.verdict();
        for (const Finding& finding : verdict.findings)
            for (const auto& [name, value] : verdict.details.at(key_of(finding)).data) {
                EXPECT_FALSE(value.empty()) << finding.code << " " << name;
                const bool is_number = value.find_first_not_of("0123456789") == std::string::npos;
                if (name == "from" || name == "to" || name == "since" || is_number) continue;
                EXPECT_THAT(finding.message, testing::HasSubstr(printable(value))) << finding.code << " " << name;
            }
    }
}

TEST(RuleBook, GivesMachinesTheValuesOfAMessage)
{
    using Data = std::map<std::string, std::string>;
    RuleWorld dms(System::docker_mailserver);
    dms.versions("13.3.1", "14.0.0").env("ENABLE_RSPAMD=1\nSASL_PASSWD=1\nENABLE_SRS=maybe\n").mount("/var/mail-state");
    dms.mount("/var/lib/redis", "/srv/redis").config("postfix-accounts.cf", "a@x.org|{SHA512-CRYPT}$6$x\n");
    dms.config("postfix-virtual.cf", "b@x.org c@y.net\n").config("postfix-relaymap.cf", "@x.org [r.net]:465\n");
    const Data versions{{"from", "13.3.1"}, {"to", "14.0.0"}};
    const auto with = [&](Data data) {
        data.insert(versions.begin(), versions.end());
        return data;
    };
    EXPECT_EQ(dms.data("dms.direct-mount"),
              with({{"source", "/srv/redis"}, {"target", "/var/lib/redis"}, {"origin", "/var/lib/redis"}}));
    EXPECT_EQ(dms.data("dms.env-removed"), with({{"name", "SASL_PASSWD"}, {"since", "12.0.0"}}));
    EXPECT_EQ(dms.data("dms.env-syntax"), with({{"name", "ENABLE_SRS"}, {"value", "maybe"}}));
    EXPECT_EQ(dms.data("dms.forward-no-srs"), with({{"forwards", "1"}, {"alias", "b@x.org"}, {"target", "c@y.net"}}));
    EXPECT_EQ(dms.data("dms.relay-465"), with({{"host", "[r.net]:465"}}));
    RuleWorld mailcow(System::mailcow);
    mailcow.env("MAILCOW_HOSTNAME=mail");
    EXPECT_EQ(mailcow.data("mailcow.hostname"), (Data{{"host", "mail"}}));
}

INSTANTIATE_TEST_SUITE_P(Systems, RuleBook, testing::ValuesIn(systems), [](const auto& each) {
    return each.param == System::docker_mailserver ? "DockerMailserver"
           : each.param == System::mailu           ? "Mailu"
                                                   : "Mailcow";
});

TEST(RuleBook, SaysWhatItCannotKnow)
{
    RuleWorld world(System::mailu);
    world.versions("2.0", "2024.06").env("INBOUND_TLS_ENFORCE=yes");
    EXPECT_TRUE(world.found("mailu.lmtp-tls").empty());
    EXPECT_THAT(
        world.judge(),
        testing::Contains(testing::AllOf(
            testing::Field(&Finding::code, "mailu.lmtp-tls"), testing::Field(&Finding::severity, Severity::note),
            testing::Field(&Finding::message, testing::HasSubstr("2024.06 does not name a single release")))));
}

TEST(RuleBook, AsksForTheReleaseOnlyWhereThatSettlesIt)
{
    RuleWorld malloc(System::mailu);
    malloc.versions("2.0.1", "2024.06.30").env("LD_PRELOAD=/usr/lib/libhardened_malloc.so");
    EXPECT_THAT(malloc.unknown("mailu.hardened-malloc").hint, testing::StartsWith("Run grep avx2"));
    RuleWorld relay(System::docker_mailserver);
    relay.versions("", "14.0.0").config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n");
    EXPECT_THAT(relay.unknown("dms.relay-map-activates").hint, testing::StartsWith("Name it with --from. "));
    RuleWorld both(System::docker_mailserver);
    both.config("postfix-relaymap.cf", "@example.org [smtp.net]:587\n");
    EXPECT_THAT(both.unknown("dms.relay-map-activates").hint,
                testing::StartsWith("Name the release to upgrade to with --to "));
}

TEST(RuleBook, BlamesNoImageOfMailuWhereTheVersionIsNotKnown)
{
    for (const char* image :
         {"mailu/admin:master", "ghcr.io/mailu/rainloop:x", "ghcr.io/mailu/clamav:${MAILU_VERSION:-master}"}) {
        RuleWorld world(System::mailu);
        world.compose("services: {x: {image: '" + std::string(image) + "'}}");
        EXPECT_TRUE(world.found("mailu.images").empty()) << image;
        EXPECT_THAT(world.unknown("mailu.images").message, testing::HasSubstr("the version is not known")) << image;
    }
    RuleWorld clamav(System::mailu);
    clamav.versions("1.9", "2.0").compose("services: {x: {image: 'mailu/clamav:${MAILU_VERSION:-2.0}'}}");
    EXPECT_THAT(clamav.found("mailu.images"),
                testing::ElementsAre(testing::Field(&Finding::message, testing::HasSubstr("now at ghcr.io/mailu"))));
}

TEST(RuleBook, DoesNotMissAKeyWhereItCannotLook)
{
    RuleWorld world(System::docker_mailserver);
    world.hide("/etc").config("rspamd/override.d/arc.conf", "path = \"/etc/rspamd/k.key\";\n");
    EXPECT_TRUE(world.found("dms.arc-key").empty());
    EXPECT_THAT(world.unknown("dms.arc-key").hint,
                testing::StartsWith("Run ls -l /etc/rspamd/k.key in the container."));
}

TEST(RuleBook, ReadsTheKeysPathAsRspamdDoes)
{
    for (const char* written : {"\"/k/a.key\"; # a comment \"with quotes\"", "'/k/a.key' # why", "/k/a.key; # x",
                                "/k/a.key", "\"/k/a.key\""}) {
        RuleWorld world(System::docker_mailserver);
        world.config("rspamd/override.d/dkim_signing.conf", "path = " + std::string(written) + "\n");
        EXPECT_THAT(world.found("dms.arc-key"),
                    testing::ElementsAre(testing::Field(&Finding::message, "the key /k/a.key does not exist")))
            << written;
    }
}

TEST(RuleBook, TellsFilesOfMailcowFromTheOperatorsOwn)
{
    RuleWorld world(System::mailcow);
    world.versions("2024-11", "2025-01")
        .config("nginx/dynmaps.conf", "x")
        .config("nginx/templates/listen_ssl.template", "x");
    EXPECT_TRUE(world.found("mailcow.nginx-edits").empty());
    EXPECT_THAT(world.unknown("mailcow.nginx-edits").hint, testing::StartsWith("See git diff HEAD"));
    world.config("nginx/templates/mine.template", "x");
    EXPECT_THAT(world.found("mailcow.nginx-edits"),
                testing::ElementsAre(testing::Field(&Finding::subject, "nginx/templates/mine.template")));
}

TEST(RuleBook, WarnsOfOneDirWhereItIsRemovedAlready)
{
    for (const auto& [from, severity] : std::map<std::string, Severity>{
             {"13.3.1", Severity::warning}, {"14.0.0", Severity::warning}, {"", Severity::warning}}) {
        RuleWorld world(System::docker_mailserver);
        world.versions(from, "15.0.0").env("ONE_DIR=0").mount("/var/mail-state");
        EXPECT_THAT(world.found("dms.one-dir-removed"),
                    testing::ElementsAre(testing::Field(&Finding::severity, severity)))
            << from;
    }
}

TEST(RuleBook, WarnsOfANestedMountThatRunsAlready)
{
    for (const auto& [from, severity] : std::map<std::string, Severity>{
             {"2.0.43", Severity::error}, {"2024.06.3", Severity::warning}, {"", Severity::error}}) {
        RuleWorld world(System::mailu);
        world.versions(from, "2024.06.30").mount("/var/lib/rspamd", "/mailu/filter", "ext4", "antispam");
        world.mount("/var/lib/clamav", "/mailu/filter/clamav", "ext4", "antivirus");
        EXPECT_THAT(world.found("mailu.nested-mount"),
                    testing::ElementsAre(testing::Field(&Finding::severity, severity)))
            << from;
    }
}

TEST(RuleBook, NeverKnowsTheVersionsOfDocker)
{
    RuleWorld world(System::mailcow);
    world.versions("2025-07", "2025-09");
    EXPECT_THAT(world.unknown("mailcow.docker-versions").hint, testing::StartsWith("Run docker version"));
    world.versions("2025-09", "2025-10");
    EXPECT_EQ(world.unknown("mailcow.docker-versions").message, "");
}

TEST(RuleBook, CountsInodesAsWellAsBytes)
{
    for (const auto& [free, findings] : std::map<std::uint64_t, std::size_t>{{11, 1}, {12, 0}}) {
        RuleWorld world(System::docker_mailserver);
        Survey survey;
        survey.volume.state = VolumeState::present;
        survey.volume.filesystem.free_bytes = 1ULL << 40U;
        survey.volume.filesystem.free_inodes = free;
        survey.entries["redis"].size = TreeSize{10, 1, 50'000, "", 50'000};
        EXPECT_EQ(world.live(survey).found("dms.free-space").size(), findings) << free;
    }
}

TEST(RuleBook, DoesNotTakeTheHostsProcessForTheContainers)
{
    RuleWorld world(System::docker_mailserver);
    world.versions("14.0.0", "14.0.0").live();
    EXPECT_THAT(world.unknown("dms.sgid-lost").message, testing::HasSubstr("capabilities"));
    world.evidence.process = ProcessFacts();
    EXPECT_EQ(world.unknown("dms.sgid-lost").message, "");
    EXPECT_FALSE(world.found("dms.sgid-lost").empty());
}

// data/conf/dovecot of 2025-03 still asks it; data/web/sogo-auth.php and SOGo ask mailcow alone.
TEST(RuleBook, JudgesAnLdapServerOfOnesOwnBesideMailcows)
{
    const auto subjects = [](const std::string& name, const std::string& text, const char* from = "2025-02") {
        RuleWorld world(System::mailcow);
        std::string all;
        world.versions(from, "2025-03").config(name, text);
        world.evidence.config_known = true;
        for (const Finding& finding : world.found("mailcow.login-2025-03"))
            if (finding.subject != "2025-03") {
                all += finding.subject + " ";
                EXPECT_THAT(finding.hint, testing::HasSubstr("Identity Provider"));
            }
        return all;
    };
    EXPECT_EQ(subjects("dovecot/extra.conf", "x = y\npassdb {\n  driver = ldap\n}\n"), "dovecot/extra.conf:2 ");
    EXPECT_EQ(subjects("dovecot/extra.conf", "# passdb {\n"), "");
    EXPECT_EQ(subjects("dovecot/extra.conf", "passdb {\n}\n", "2025-03"), "");
    const std::string block = "passdb {\n  args = /etc/dovecot/ldap/passdb.conf\n  driver = ldap\n}\n";
    EXPECT_EQ(subjects("dovecot/dovecot.conf", block), "dovecot/dovecot.conf:2 ");
    EXPECT_EQ(subjects("dovecot/dovecot.conf", "#passdb {\n#  args = /etc/dovecot/ldap/passdb.conf\n#}\n"), "");
    EXPECT_EQ(subjects("sogo/plist_ldap", "<dict><key>type</key></dict>\n"), "sogo/plist_ldap ");
    EXPECT_EQ(subjects("sogo/plist_ldap", "<!--\n<example><key>type</key></example>\n-->\n"), "");
}

TEST(RuleBook, NeverTellsASecret)
{
    RuleWorld world(System::docker_mailserver);
    world.versions("13.3.1", "14.0.0").env("RELAY_HOST=a\nRELAY_USER=u\nRELAY_PASSWORD=\"s3cret-env\" # x\r\n");
    world.config("postfix-accounts.cf", "a@example.org|{SHA512-CRYPT}s3cret-hash\r\ns3cret-line\n");
    world.config("postfix-sasl-password.cf",
                 "@x.org u:s3cret-relay\ns3cret-alone\ns3cret-alone\nu:s3cret-key [a]:25\nu:s3cret-key\n");
    const RuleVerdict verdict = world.verdict();
    for (const Finding& finding : verdict.findings) {
        EXPECT_EQ((finding.subject + finding.message + finding.hint).find("s3cret"), std::string::npos)
            << finding.code << ": " << finding.message;
        for (const auto& [name, value] : verdict.details.at(key_of(finding)).data)
            EXPECT_EQ(value.find("s3cret"), std::string::npos) << finding.code << " " << name;
    }
}

}  // namespace

}  // namespace mailstate
