// SPDX-License-Identifier: MIT
// The mail system's variables: from env files, and from files that hold one value.
#include "unit/preflight/host_world.hpp"

namespace mailstate {

namespace {

const char* const admin = "services:\n  admin:\n    image: ghcr.io/mailu/admin:2.0.1\n    env_file: mailu.env\n";

TEST(FileVariables, AreReadWhereTheComposeFileMountsThem)
{
    HostWorld host = mailu_host("2024.06.12");
    host.compose(std::string(admin) + "    volumes: ['./own:/own']\n").file("/srv/own/enforce", "true\n");
    host.file("/srv/mailu.env", "INBOUND_TLS_ENFORCE_FILE=/own/enforce\n");
    EXPECT_THAT(host.judge(),
                Contains(AllOf(sure("mailu.lmtp-tls", Severity::error), Field(&Finding::subject, "/srv/mailu.env:1"))));
}

TEST(FileVariables, AreReadFromASecretOfTheComposeFile)
{
    for (const char* form : {"[tls]", "[{source: tls, target: tls}]", "[{source: tls, target: /run/secrets/tls}]"}) {
        HostWorld host = mailu_host("2024.06.12");
        host.compose(std::string(admin) + "    secrets: " + form + "\nsecrets: {tls: {file: ./secret/tls.txt}}\n");
        host.file("/srv/mailu.env", "INBOUND_TLS_ENFORCE=false\nINBOUND_TLS_ENFORCE_FILE=/run/secrets/tls\n");
        host.file("/srv/secret/tls.txt", "yes");
        EXPECT_THAT(host.judge(), Contains(sure("mailu.lmtp-tls", Severity::error))) << form;
        host.file("/srv/secret/tls.txt", "no\n");
        EXPECT_THAT(host.judge(), Not(Contains(Field(&Finding::code, "mailu.lmtp-tls")))) << form;
    }
}

// The names of services are the operator's.
TEST(FileVariables, AreThoseOfAdminWhateverItsName)
{
    HostWorld host = mailu_host("2024.06.12");
    host.compose(
        "services:\n  front: {image: 'ghcr.io/mailu/nginx:2.0.1', volumes: ['./other:/own/x']}\n"
        "  a: {image: 'ghcr.io/mailu/admin:2.0.1', env_file: mailu.env, volumes: ['./own:/own']}\n");
    host.file("/srv/mailu.env", "INBOUND_TLS_ENFORCE_FILE=/own/x/enforce\n");
    host.file("/srv/other/enforce", "false\n").file("/srv/own/x/enforce", "true\n");
    EXPECT_THAT(host.judge(), Contains(sure("mailu.lmtp-tls", Severity::error)));
}

TEST(FileVariables, ThatAreNotSeenAreUnknown)
{
    HostWorld host = mailu_host("2024.06.12");
    host.compose(std::string(admin) + "    secrets: [tls]\nsecrets: {tls: {external: true}}\n");
    host.file("/srv/mailu.env",
              "INBOUND_TLS_ENFORCE_FILE=/run/secrets/tls\nTLS_FLAVOR_FILE=/f\nPROXY_PROTOCOL_FILE=/p\n");
    host.file("/f", "nonsense of the host's own").file("/run/secrets/tls", "false");
    const std::vector<Finding> findings = host.judge();
    for (const char* code : {"mailu.lmtp-tls", "mailu.tls-enforce-policy", "mailu.tls-flavor", "mailu.proxy-protocol"})
        EXPECT_THAT(findings, Contains(AllOf(Field(&Finding::code, code), Field(&Finding::severity, Severity::note),
                                             Field(&Finding::message, HasSubstr("was not seen")),
                                             Field(&Finding::hint, HasSubstr("in the container")))))
            << code;
}

TEST(EnvFiles, AreReadAsComposeReadsThem)
{
    const char* const lines = "SPAM_SUBJECT=\"[SPAM] \"  # marks spam\nENABLE_SRS='1'\n";
    HostWorld host(System::docker_mailserver);
    host.compose("services: {mail: {image: 'mailserver:15.0.0', env_file: mail.env}}").file("/srv/mail.env", lines);
    EXPECT_THAT(host.judge(), Not(Contains(Field(&Finding::code, "dms.env-syntax"))));
    HostWorld by_hand(System::docker_mailserver);
    by_hand.file("/srv/mail.env", lines).sources().env_file = "/srv/mail.env";
    EXPECT_THAT(by_hand.judge(), Contains(sure("dms.env-syntax", Severity::warning)).Times(3));
}

TEST(EnvFiles, AreBlamedOnceHoweverManyServicesReadThem)
{
    HostWorld host = mailu_host("2024.06.30");
    host.compose(std::string(admin) + "  smtp: {image: 'ghcr.io/mailu/postfix:2.0.1', env_file: mailu.env}\n" +
                 "  imap: {image: 'ghcr.io/mailu/dovecot:2.0.1', env_file: [./mailu.env, none.env]}\n" +
                 "  front: {image: 'ghcr.io/mailu/nginx:2.0.1', env_file: none.env}\n");
    host.file("/srv/mailu.env", "not a variable\n");
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.line")).Times(1));
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.unreadable")).Times(1));
    host.sources().env_file = "/srv/mailu.env";
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.line")).Times(1));
}

TEST(EnvFiles, WhosePathHasAVariableWithoutValueAreNamedByIt)
{
    HostWorld host(System::docker_mailserver);
    host.compose(
        "services:\n  mail:\n    image: mailserver/docker-mailserver:13.3.1\n"
        "    env_file:\n      - ${CONF_DIR}/mailserver.conf\n"
        "    volumes: [\"${DATA_DIR}/config:/tmp/docker-mailserver\"]\n");
    const Evidence evidence = host.evidence();
    ASSERT_EQ(evidence.problems.size(), 1U);
    EXPECT_THAT(evidence.problems[0].finding.message,
                HasSubstr("CONF_DIR has no value (/srv/docker-compose.yml:5), which makes the path /mailserver.conf"));
    EXPECT_THAT(evidence.problems[0].finding.hint, AllOf(HasSubstr("Give CONF_DIR a value"), Not(HasSubstr("Put it"))));
    EXPECT_THAT(evidence.settings_missing, HasSubstr("CONF_DIR has no value"));
    EXPECT_THAT(evidence.config_missing, HasSubstr("DATA_DIR has no value"));
}

TEST(EnvFiles, MayBeReplacedByTheOneThatIsNamed)
{
    HostWorld host(System::docker_mailserver);
    host.compose("services: {m: {image: 'mailserver/docker-mailserver:14.0.0', env_file: [a.env, b.env]}}");
    host.file("/srv/b.env", "B=1\n").file("/o/o.env", "A=1\nB=2\n");
    EXPECT_THAT(host.evidence().settings_missing, HasSubstr("/srv/a.env"));
    host.sources().env_file = "/o/o.env";
    host.sources().shown_env_file = "o.env";
    const Evidence evidence = host.evidence();
    EXPECT_EQ(evidence.settings_missing, "");
    EXPECT_EQ(where_of(evidence, "A") + " " + where_of(evidence, "B"), "o.env:1 /srv/b.env:1");
    EXPECT_THAT(judge(evidence).findings, Not(Contains(Field(&Finding::code, "env.unreadable"))));
    host.compose("services: {m: {image: 'mailserver/docker-mailserver:14.0.0', env_file: [a.env, c.env]}}");
    EXPECT_THAT(host.evidence().settings_missing, HasSubstr("/srv/c.env"));
}

}  // namespace

}  // namespace mailstate
