// SPDX-License-Identifier: MIT
// The configuration folder: where it is, and how much of it was seen.
#include "unit/preflight/host_world.hpp"

namespace mailstate {

namespace {

HostWorld dms(const std::string& volumes, const std::string& more = {})
{
    HostWorld host(System::docker_mailserver);
    host.sources().to = "15.0.0";
    host.compose("services:\n  mail:\n    image: mailserver/docker-mailserver:12.1.0\n    volumes: [" + volumes +
                 "]\n" + more);
    return host;
}

std::string why_unjudged(const Judged& judged, std::string_view rule)
{
    for (const Unjudged& each : judged.unjudged)
        if (std::ranges::find(each.rules, rule) != each.rules.end()) return each.why;
    return "";
}

TEST(ConfigFolder, IsNotFineWhereItWasNotSeen)
{
    for (const char* volume : {"conf:/tmp/docker-mailserver", "./gone:/tmp/docker-mailserver", "st:/var/mail-state"}) {
        const Judged judged = judge(dms(volume, "volumes: {conf: , st: }\n").evidence()).judged;
        for (const char* rule : {"dms.cf-lines", "dms.getmail-config", "dms.alias-loop"}) {
            EXPECT_THAT(why_unjudged(judged, rule), AllOf(HasSubstr("was not seen"), HasSubstr("(--config-dir)")));
            EXPECT_THAT(judged.fine, Not(Contains(rule))) << volume;
        }
        EXPECT_THAT(why_unjudged(judged, "dms.sieve-home"), HasSubstr("the mail in /var/mail was not seen"));
        EXPECT_THAT(judged.fine, Contains("dms.supervisor-mount"));
    }
}

TEST(ConfigFolder, IsFineWhereItWasSeen)
{
    HostWorld host = dms("./conf:/tmp/docker-mailserver, ./mail:/var/mail, certs:/tmp/docker-mailserver/ssl",
                         "volumes: {certs: }\n");
    host.file("/srv/conf/postfix-main.cf", "a = b\n").file("/srv/mail/example.org/x", "");
    const Judged judged = judge(host.evidence()).judged;
    for (const char* rule : {"dms.cf-lines", "dms.getmail-config", "dms.sieve-home"})
        EXPECT_THAT(judged.fine, Contains(rule));
}

TEST(ConfigFolder, IsKnownInPartWhereAFileOfItWasSeen)
{
    HostWorld host =
        dms("conf:/tmp/docker-mailserver, ./main.cf:/tmp/docker-mailserver/postfix-main.cf", "volumes: {conf: }\n");
    host.file("/srv/main.cf", "smtpd_relay_restrictions = permit\n");
    const Judged judged = judge(host.evidence()).judged;
    EXPECT_THAT(judged.found, Contains("dms.relay-restrictions"));
    EXPECT_THAT(why_unjudged(judged, "dms.alias-loop"), HasSubstr("conf:/tmp/docker-mailserver"));
    const Judged other = judge(dms("./main.cf:/tmp/docker-mailserver/postfix-main.cf").evidence()).judged;
    EXPECT_THAT(why_unjudged(other, "dms.relay-restrictions"), HasSubstr("part of the configuration folder"));
}

TEST(ConfigFolder, IsTheOneThatWasNamed)
{
    HostWorld host = dms("conf:/tmp/docker-mailserver", "volumes: {conf: }\n");
    host.sources().config_dir = "/else";
    EXPECT_FALSE(host.evidence().config_known);
    host.file("/else/postfix-main.cf", "smtpd_relay_restrictions = permit\n");
    EXPECT_THAT(judge(host.evidence()).judged.found, Contains("dms.relay-restrictions"));
    EXPECT_THAT(judge(host.evidence()).judged.fine, Contains("dms.cf-lines"));

    HostWorld other = dms("./conf:/tmp/docker-mailserver");
    other.file("/srv/conf/postfix-main.cf", "").sources().config_dir = "/nonexist";
    EXPECT_FALSE(other.evidence().config_known);
}

TEST(Overrides, OfTheImageThatWereNotSeenAreUnknown)
{
    EXPECT_THAT(dms("./gone.conf:/etc/opendmarc.conf").judge(),
                Contains(AllOf(Field(&Finding::code, "dms.opendmarc-hold"), Field(&Finding::severity, Severity::note),
                               Field(&Finding::message, HasSubstr("unknown: ")))));
}

TEST(ConfigurationFolder, OfMailuIsWhereItsOverridesAre)
{
    HostWorld host = mailu_host("2024.06.57");
    host.file("/acme/live/cert.pem", "x").file("/srv/overrides/dovecot/dovecot.conf", "x");
    host.compose(
        "services: {front: {image: 'ghcr.io/mailu/nginx:2.0', volumes: ['/acme/live:/certs']}, imap: {image: "
        "'ghcr.io/mailu/dovecot:2.0', volumes: ['./overrides/dovecot:/overrides:ro']}}");
    EXPECT_EQ(host.evidence().config_dir, "/srv");
    EXPECT_TRUE(host.evidence().config_known);
    host.compose("services: {imap: {image: 'mailu/dovecot:1.7', volumes: ['./overrides:/overrides']}}");
    EXPECT_EQ(host.evidence().config_dir, "/srv");
    host.compose("services: {front: {image: 'ghcr.io/mailu/nginx:2.0', volumes: ['/acme/live:/certs']}}");
    EXPECT_EQ(host.evidence().config_dir, "/acme");
}

}  // namespace

}  // namespace mailstate
