// SPDX-License-Identifier: MIT
// Mailu's rules on compose files as people have them; what is right stands in the tags of Mailu.
#include "preflight/mailu_services.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

auto error_with(const char* words)
{
    return AllOf(Field(&Finding::severity, Severity::error), Field(&Finding::message, HasSubstr(words)));
}

auto warning_with(const char* words)
{
    return AllOf(Field(&Finding::severity, Severity::warning), Field(&Finding::message, HasSubstr(words)));
}

RuleWorld mailu_world(const char* from, const char* to, const char* compose)
{
    RuleWorld world(System::mailu);
    world.versions(from, to).compose(compose);
    return world;
}

TEST(MailuState, IsAskedOfTheServicesThatAreThere)
{
    RuleWorld world = mailu_world("2.0", "2024.06.57",
                                  "services: {a: {image: 'ghcr.io/mailu/admin:2.0'}, i: {image: "
                                  "'ghcr.io/mailu/dovecot:2.0'}, f: {image: 'ghcr.io/mailu/fetchmail:2.0'}}");
    EXPECT_THAT(world.found("mailu.state-not-mounted"),
                ElementsAre(error_with("a has no volume at /data"), error_with("a has no volume at /dkim"),
                            error_with("i has no volume at /mail"), warning_with("f has no volume at /data")));
    world.mount("/data", "/m/data", "", "a").mount("/dkim", "/m/dkim", "", "a");
    world.mount("/mail", "/m/mail", "", "i").mount("/data", "/m/data/fetchmail", "", "f");
    EXPECT_THAT(world.found("mailu.state-not-mounted"), IsEmpty());
}

// core/postfix/Dockerfile declares the volume from 1.8 on.
TEST(MailuState, LosesTheQueueOfAnOldReleaseForCertain)
{
    const char* const smtp = "services: {smtp: {image: 'mailu/postfix:${MAILU_VERSION:-1.7}'}}";
    EXPECT_THAT(mailu_world("1.7", "1.9.50", smtp).found("mailu.state-not-mounted"),
                ElementsAre(error_with("smtp has no volume at /queue")));
    EXPECT_THAT(mailu_world("1.8", "1.9.50", smtp).found("mailu.state-not-mounted"),
                ElementsAre(warning_with("smtp has no volume at /queue")));
}

TEST(MailuState, IsLostWithAVolumeWithoutANameAndWithMemory)
{
    RuleWorld world = mailu_world("2.0", "2.0", "services: {smtp: {image: 'ghcr.io/mailu/postfix:2.0'}}");
    world.mount("/queue", "", "", "smtp").evidence.mounts.back().anonymous = true;
    EXPECT_THAT(world.found("mailu.state-not-mounted"),
                ElementsAre(warning_with("smtp's volume at /queue has no name")));
    world.evidence.mounts.back().anonymous = false;
    world.evidence.mounts.back().fs_type = "tmpfs";
    EXPECT_THAT(world.found("mailu.state-not-mounted"), ElementsAre(warning_with("smtp has /queue on tmpfs")));
}

TEST(MailuState, MayBeInADatabaseOfItsOwn)
{
    RuleWorld world = mailu_world("2.0", "2.0", "services: {admin: {image: 'ghcr.io/mailu/admin:2.0'}}");
    world.mount("/dkim", "/m/dkim", "", "admin").evidence.settings_missing = "mailu.env";
    EXPECT_THAT(world.unknown("mailu.state-not-mounted").message, HasSubstr("DB_FLAVOR"));
    world.env("DB_FLAVOR=postgresql");
    EXPECT_THAT(world.judge(), Not(testing::Contains(Field(&Finding::code, "mailu.state-not-mounted"))));
    world.env("DB_FLAVOR=sqlite");
    EXPECT_THAT(world.found("mailu.state-not-mounted"), ElementsAre(error_with("/data")));
}

// An env file can be put where it is looked for, and not an object of the cluster.
TEST(MailuState, AsksForVariablesWhereTheyAre)
{
    const auto hint = [](RuleWorld world) {
        world.versions("2.0", "2.0").evidence.settings_missing = "x was not seen";
        return world.unknown("mailu.state-not-mounted").hint;
    };
    RuleWorld pod(System::mailu);
    pod.manifest(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: admin}\nspec: {containers: [{name: admin, image: "
        "mailu/admin:2.0}]}\n");
    EXPECT_THAT(hint(pod), testing::StartsWith("Run check on a machine where they can be read."));
    EXPECT_THAT(hint(mailu_world("", "", "services: {admin: {image: 'ghcr.io/mailu/admin:2.0'}}")),
                testing::StartsWith("Put the file there, or name it with --env-file."));
}

// setup/flavors/compose/docker-compose.yml of 1.6 to 1.8: others ask the resolver, admin does not.
TEST(MailuResolver, IsNoUseWhereAdminDoesNotAskIt)
{
    const char* const old =
        "services: {resolver: {image: 'mailu/unbound:1.8'}, admin: {image: 'mailu/admin:1.8'}, smtp: {image: "
        "'mailu/postfix:1.8', dns: [192.0.2.254]}}";
    const std::vector<Finding> found = mailu_world("1.8", "1.9.50", old).found("mailu.dnssec-resolver");
    ASSERT_THAT(found, ElementsAre(error_with("has no dns and does not ask the service resolver")));
    EXPECT_EQ(found[0].hint, "Add dns: 192.0.2.254 to admin.");
}

TEST(MailuResolver, OfAClusterIsNotSeen)
{
    RuleWorld world(System::mailu);
    world.versions("1.8", "1.9.50")
        .manifest(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: admin}\nspec: {containers: [{name: admin, image: "
            "mailu/admin:1.8}]}\n");
    EXPECT_THAT(world.found("mailu.dnssec-resolver"), IsEmpty());
    EXPECT_THAT(world.unknown("mailu.dnssec-resolver").message, HasSubstr("cluster"));
}

TEST(MailuImages, AreLookedForInTheReleaseOfTheirOwnTag)
{
    const char* const beside =
        "services: {admin: {image: 'ghcr.io/mailu/admin:${MAILU_VERSION:-2.0}'}, antivirus: "
        "{image: 'ghcr.io/mailu/clamav:2.0'}}";
    const char* const alone = "services: {antivirus: {image: 'ghcr.io/mailu/clamav:2024.06'}}";
    EXPECT_THAT(mailu_world("2024.06", "2024.06", alone).found("mailu.images"),
                ElementsAre(error_with("no longer has a clamav image")));
    EXPECT_THAT(mailu_world("2.0", "2.0.50", alone).found("mailu.images"),
                ElementsAre(error_with("no longer has a clamav image")));
    EXPECT_THAT(mailu_world("2.0", "2024.06.57", beside).found("mailu.images"),
                ElementsAre(warning_with("it stays at the release of its tag")));
    EXPECT_THAT(mailu_world("2.0", "2.0.50", beside).found("mailu.images"), IsEmpty());
}

TEST(MailuImages, ThatEndedAreNotAtAnotherPlace)
{
    const char* const old =
        "services: {front: {image: 'mailu/nginx:1.9'}, milter: {image: 'mailu/rmilter:1.9'}, webmail: "
        "{image: 'mailu/rainloop:1.9'}, antivirus: {image: 'mailu/clamav:1.9'}}";
    EXPECT_THAT(mailu_world("1.9", "2024.06.57", old).found("mailu.images"),
                ElementsAre(error_with("the images are now at ghcr.io/mailu: front (mailu/nginx:1.9)"),
                            error_with("no longer has an rmilter image"), error_with("SnappyMail takes its place"),
                            error_with("no longer has a clamav image")));
}

TEST(MailuImages, NeedATag)
{
    const char* const unset =
        "services: {admin: {image: 'ghcr.io/mailu/admin:${MAILU_VERSION}'}, front: {image: "
        "'ghcr.io/mailu/nginx:$MAILU_VERSION'}}";
    EXPECT_THAT(mailu_world("", "", unset).found("mailu.images"),
                ElementsAre(warning_with("MAILU_VERSION is not set")));
}

TEST(MailuImages, OfAnInactiveProfileAreNotJudged)
{
    const char* const inactive = "services: {webmail: {image: 'ghcr.io/mailu/roundcube:2.0', profiles: [webmail]}}";
    EXPECT_THAT(mailu_world("2.0", "2024.06.57", inactive).found("mailu.images"), IsEmpty());
}

TEST(MailuImages, AreNotMadeAnewBeforeTheOverridesAreMoved)
{
    RuleWorld world = mailu_world("1.7", "2024.06.57", "services: {imap: {image: 'mailu/dovecot:1.7'}}");
    EXPECT_THAT(world.found("mailu.images").at(0).hint, testing::StartsWith("Regenerate the compose file"));
    world.mount("/overrides", "/mailu/overrides", "", "imap").config("overrides/dovecot.conf", "x");
    EXPECT_THAT(world.found("mailu.images").at(0).hint, testing::StartsWith("Move the overrides"));
}

// docs/releases.rst, 1.8: "Override location changes".
TEST(MailuOverrides, AreMovedBeforeTheComposeFileIsMadeAnew)
{
    RuleWorld world = mailu_world("1.7", "2.0.50", "services: {smtp: {image: 'mailu/postfix:1.7'}}");
    world.mount("/overrides", "/mailu/overrides", "", "smtp");
    EXPECT_THAT(world.unknown("mailu.overrides-moved").message, HasSubstr("was not seen"));
    world.directory("/mailu/overrides").config("overrides/dovecot.conf", "x").directory("/mailu/overrides/rspamd");
    EXPECT_THAT(world.found("mailu.overrides-moved"), IsEmpty());
    world.config("overrides/postfix.cf", "x").config("overrides/sender.map", "x");
    const std::vector<Finding> found = world.found("mailu.overrides-moved");
    ASSERT_THAT(found, ElementsAre(warning_with("/mailu/overrides/postfix.cf, /mailu/overrides/sender.map")));
    EXPECT_THAT(found[0].hint, HasSubstr("mv /mailu/overrides/postfix.cf /mailu/overrides/sender.map "
                                         "/mailu/overrides/postfix/"));
    world.versions("2.0", "2.0.50");
    EXPECT_THAT(world.found("mailu.overrides-moved"), ElementsAre(Field(&Finding::severity, Severity::note)));
}

// core/nginx alone reads PORTS; core/postfix/conf/master.cf has no 587.
TEST(MailuPorts, AreThoseOfFront)
{
    const char* const past = "services: {smtp: {image: 'ghcr.io/mailu/postfix:2.0', ports: ['587:587']}}";
    const std::vector<Finding> found = mailu_world("2.0", "2024.06.57", past).found("mailu.ports");
    ASSERT_THAT(found, ElementsAre(warning_with("smtp maps 587, bypassing front")));
    EXPECT_THAT(found[0].hint, testing::StartsWith("Map it at front"));
    const char* const other = "services: {front: {image: 'nginx:1.27', ports: ['110:110']}}";
    EXPECT_THAT(mailu_world("2.0", "2024.06.57", other).found("mailu.ports"), IsEmpty());
}

TEST(MailuRecognition, NamesAServiceOfAnotherImage)
{
    const char* const other = "services: {front: {image: 'nginx:1.27'}, admin: {image: 'ghcr.io/mailu/admin:2.0'}}";
    EXPECT_THAT(mailu::unknown_services(parse_compose("c.yml", other, {})),
                ElementsAre("the service front has the image nginx:1.27, which is not known"));
    const char* const both = "services: {front: {image: 'nginx:1.27'}, f: {image: 'ghcr.io/mailu/nginx:2.0'}}";
    EXPECT_THAT(mailu::unknown_services(parse_compose("c.yml", both, {})), IsEmpty());
}

TEST(MailuRealIp, CountsForThoseWhoComeThroughTheProxy)
{
    RuleWorld world(System::mailu);
    world.versions("1.8", "2.0").env("TLS_FLAVOR=mail");
    EXPECT_THAT(world.found("mailu.real-ip"), ElementsAre(error_with("all who log in through it (admin, webmail)")));
}

TEST(MailuCertificates, AreLookedForWhereFrontHasThem)
{
    RuleWorld world(System::mailu);
    world.env("TLS_FLAVOR=cert").mount("/certs", "/acme/live", "", "front");
    world.file("/acme/live/cert.pem").file("/acme/live/key.pem");
    EXPECT_THAT(world.found("mailu.tls-flavor"), IsEmpty());
}

}  // namespace

}  // namespace mailstate
