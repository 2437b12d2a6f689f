// SPDX-License-Identifier: MIT
// What the rules of docker-mailserver say of one setting, in its variants.
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

RuleWorld upgrade(std::string_view from, std::string_view to, std::string_view env)
{
    RuleWorld world(System::docker_mailserver);
    world.versions(from, to).env(env);
    return world;
}

Finding removed(std::string_view env)
{
    const std::vector<Finding> found = upgrade("13.3.1", "15.1.0", env).found("dms.env-removed");
    return found.empty() ? Finding{} : found.front();
}

TEST(RemovedVariables, ThatEndTheContainerAreErrors)
{
    for (const char* mechanism : {"pam", "shadow", "mysql"}) {
        const Finding found = removed("ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS=" + std::string(mechanism));
        EXPECT_EQ(found.severity, Severity::error);
        EXPECT_THAT(found.hint, HasSubstr("ENABLE_SASLAUTHD=0"));
    }
    EXPECT_EQ(removed("ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS=rimap").code, "");
}

TEST(RemovedVariables, WhoseHeirIsSetAreToBeRemoved)
{
    EXPECT_THAT(removed("DMS_DEBUG=1").hint, HasSubstr("LOG_LEVEL=debug"));
    const Finding both = removed("DMS_DEBUG=1\nLOG_LEVEL=info");
    EXPECT_EQ(both.severity, Severity::note);
    EXPECT_THAT(both.hint, AllOf(HasSubstr("Remove it"), Not(HasSubstr("debug"))));
    EXPECT_THAT(removed("SA_SPAM_SUBJECT=a\nSPAM_SUBJECT=b").hint, HasSubstr("Remove it"));
}

TEST(RemovedVariables, ThatSaidUndefMarkTheSubject)
{
    const Finding found = removed("SA_SPAM_SUBJECT=undef");
    EXPECT_EQ(found.severity, Severity::warning);
    EXPECT_THAT(found.message, HasSubstr("the subject of spam begins with undef"));
    EXPECT_THAT(found.hint, HasSubstr("Remove it"));
    EXPECT_EQ(removed("SA_SPAM_SUBJECT=undef\nSPAM_SUBJECT=x").severity, Severity::note);
}

TEST(Saslauthd, HasAnotherDefaultFromV15On)
{
    const auto found = [](std::string_view from, std::string_view env) {
        return upgrade(from, "15.1.0", env).found("dms.saslauthd-default").size();
    };
    EXPECT_EQ(found("14.0.0", "ENABLE_SASLAUTHD=1"), 1U);
    EXPECT_EQ(found("14.0.0", "ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS="), 1U);
    EXPECT_EQ(found("14.0.0", "ENABLE_SASLAUTHD=1\nSASLAUTHD_MECHANISMS=ldap"), 0U);
    EXPECT_EQ(found("14.0.0", "ENABLE_SASLAUTHD=0"), 0U);
    EXPECT_EQ(found("15.0.0", "ENABLE_SASLAUTHD=1"), 0U);
    EXPECT_THAT(upgrade("", "15.1.0", "ENABLE_SASLAUTHD=1").unknown("dms.saslauthd-default").hint, HasSubstr("--from"));
}

std::vector<Finding> syntax_of(const std::string& service, const std::string& raw = {})
{
    RuleWorld world(System::docker_mailserver);
    world.compose("services: {mail: {" + service + "}}");
    for (const auto& [name, setting] : parse_raw_env("raw.env", raw).settings) world.evidence.settings[name] = setting;
    for (const auto& [name, setting] : world.evidence.compose->services.at(0).environment)
        world.evidence.settings[name] = setting;
    return world.found("dms.env-syntax");
}

TEST(Gates, AreOffWithQuotesOrACommentInTheirValue)
{
    for (const char* list : {"\"ENABLE_SRS=1 # on\"", "ENABLE_SRS=1#on", "ENABLE_SRS='\"1\"'", "ENABLE_SRS='1'"})
        EXPECT_THAT(syntax_of("environment: [" + std::string(list) + "]"),
                    ElementsAre(Field(&Finding::message, HasSubstr("counts as off"))))
            << list;
    EXPECT_THAT(syntax_of("environment: []", "ENABLE_CLAMAV=\"1\"\nENABLE_FAIL2BAN=1 # on\nENABLE_SRS=1\n"),
                ElementsAre(Field(&Finding::subject, "raw.env:1"), Field(&Finding::subject, "raw.env:2")));
    EXPECT_THAT(syntax_of("environment: {ENABLE_SRS: '1'}"), IsEmpty());
    EXPECT_THAT(syntax_of("environment: []", "SPAM_SUBJECT=\"x \"\n"),
                ElementsAre(Field(&Finding::message, HasSubstr("quotes are part of its value"))));
    EXPECT_THAT(upgrade("", "", "ENABLE_SRS=1#on").found("dms.env-syntax"), testing::SizeIs(1));
    EXPECT_THAT(upgrade("", "", "ENABLE_SRS=\"1\"").found("dms.env-syntax"), testing::SizeIs(1));
}

TEST(SpamSubject, IsWrittenInTheFormOfTheFile)
{
    const auto hint = [](const std::string& service) {
        RuleWorld world(System::docker_mailserver);
        world.versions("13.3.1", "15.1.0").env("ENABLE_RSPAMD=1");
        world.compose("services: {mail: {image: 'mailserver/docker-mailserver:13.3.1', " + service + "}}");
        return world.found("dms.spam-subject-default").at(0).hint;
    };
    EXPECT_THAT(hint("environment: [ENABLE_RSPAMD=1]"), HasSubstr("- \"SPAM_SUBJECT=***SPAM*** \""));
    EXPECT_THAT(hint("env_file: x.env"), HasSubstr("SPAM_SUBJECT='***SPAM*** ' in the env file"));
}

std::vector<Finding> network_options(const std::string& type, const std::string& options, bool unknown = false)
{
    RuleWorld world(System::docker_mailserver);
    world.mount("/var/mail-state", "nas", type);
    world.evidence.mounts.back().options = options;
    if (unknown) return {world.unknown("dms.network-options")};
    return world.found("dms.network-options");
}

TEST(NetworkOptions, ThatNfs4IgnoresDoNoHarm)
{
    for (const char* options : {"addr=nas,vers=4.2,hard,nolock", "nfsvers=4,nolock", "v4.1,nolock"})
        EXPECT_THAT(network_options("nfs", options), IsEmpty()) << options;
    EXPECT_THAT(network_options("nfs4", "nolock"), IsEmpty());
    for (const char* options : {"vers=3,nolock", "nfsvers=3,nolock", "vers=4.2,soft"})
        EXPECT_THAT(network_options("nfs", options), testing::SizeIs(1)) << options;
    EXPECT_THAT(network_options("cifs", "nobrl,vers=3.0"), testing::SizeIs(1));
    EXPECT_THAT(network_options("nfs", "addr=nas,nolock"), IsEmpty());
    EXPECT_THAT(network_options("nfs", "addr=nas,nolock", true).at(0).message, HasSubstr("the version is not named"));
}

TEST(Relays, AreNotBlamedForWhatWasNotSeen)
{
    RuleWorld world = upgrade("14.0.0", "15.1.0", "DEFAULT_RELAY_HOST=[r.net]:465");
    EXPECT_EQ(world.found("dms.relay-465").size(), 1U);
    world.evidence.config_missing = "the configuration folder was not seen";
    EXPECT_THAT(world.found("dms.relay-465"), IsEmpty());
    EXPECT_THAT(world.unknown("dms.relay-465").hint, HasSubstr("--config-dir"));
    EXPECT_THAT(world.unknown("dms.relay-no-credentials").hint, HasSubstr("--config-dir"));
}

TEST(Relays, ThatAskForNoLoginNeedNoCredentials)
{
    const auto found = [](std::string_view env, const char* credentials) {
        RuleWorld world = upgrade("14.0.0", "15.1.0", env);
        if (*credentials != '\0') world.config("postfix-sasl-password.cf", credentials);
        world.config("postfix-relaymap.cf", "@x.org [b.net]:587\n");
        return world.found("dms.relay-no-credentials");
    };
    EXPECT_THAT(found("", ""), ElementsAre(Field(&Finding::severity, Severity::note)));
    EXPECT_THAT(found("", "[other.net]:587 u:p\n"), ElementsAre(Field(&Finding::severity, Severity::warning)));
    EXPECT_THAT(found("", "[b.net]:587 u:p\n"), IsEmpty());
}

TEST(Relays, ForAllLeaveNothingToDeliverDirectly)
{
    EXPECT_THAT(upgrade("14.0.0", "15.1.0", "DEFAULT_RELAY_HOST=[r.net]:587\nRELAY_USER=u\nRELAY_PASSWORD=p")
                    .found("dms.relay-all-tls"),
                IsEmpty());
}

TEST(Relays, WithALoginInThemAreShownWithoutIt)
{
    EXPECT_EQ(without_login("RELAY_HOST: user:pa@ss@relay.x, next"), "RELAY_HOST: …@relay.x, next");
    EXPECT_EQ(without_login("Write A=ldap://admin:x@ldap.x (or b)"), "Write A=ldap://…@ldap.x (or b)");
    EXPECT_EQ(without_login("[u:p@h]:465"), "[…@h]:465");
    for (const char* plain : {"a@x.org → b@y.net", "ghcr.io/a/b:1@sha256:aa", "user@[1.2.3.4]:25", "./a:/b", "@", ""})
        EXPECT_EQ(without_login(plain), plain);

    RuleWorld world = upgrade("12.1.0", "15.1.0",
                              "RELAY_HOST=user:s3cret@relay.x\nRELAY_PORT=465\nLDAP_SERVER_HOST=admin:s3cret@ldap.x\n"
                              "DEFAULT_RELAY_HOST=user:s3cret@relay.y:465\n");
    const RuleVerdict verdict = world.verdict();
    EXPECT_GE(verdict.findings.size(), 3U);
    for (const Finding& finding : verdict.findings) {
        EXPECT_THAT(finding.subject + finding.message + finding.hint, Not(HasSubstr("s3cret"))) << finding.code;
        for (const auto& [name, value] : verdict.details.at(key_of(finding)).data)
            EXPECT_THAT(value, Not(HasSubstr("s3cret"))) << finding.code << " " << name;
    }
}

TEST(Replicas, OfAComposeFileShareItsVolume)
{
    for (const char* many : {"deploy: {replicas: 3}", "scale: 2"}) {
        RuleWorld world(System::docker_mailserver);
        world.compose("services: {m: {" + std::string(many) + ", volumes: ['st:/var/mail-state']}}");
        EXPECT_THAT(world.found("dms.shared-volume"),
                    ElementsAre(Field(&Finding::message, HasSubstr("replicas, which all mount st"))));
    }
}

}  // namespace

}  // namespace mailstate
