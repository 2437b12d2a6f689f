// SPDX-License-Identifier: MIT
// mailcow's rules on overrides, .env and nginx as people have them; what is right stands in the tags of
// mailcow-dockerized and compose-go.
#include "preflight/recognise.hpp"
#include "unit/preflight/compose_world.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

constexpr const char* stock = "services: {postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.80'}}";

RuleWorld override_world(const char* from, std::string_view stock_file, const std::string& override_file)
{
    RuleWorld world(System::mailcow);
    world.versions(from, "2026-07");
    FilesByPath files{{"/m/docker-compose.override.yml", override_file}};
    if (!stock_file.empty()) files.emplace("/m/docker-compose.yml", stock_file);
    world.evidence.compose =
        load_project(files, stock_file.empty() ? "/m/docker-compose.override.yml" : "/m/docker-compose.yml");
    return world;
}

std::vector<Finding> judged(const char* from, std::string_view stock_file, const std::string& override_file)
{
    return override_world(from, stock_file, override_file).found("mailcow.override-service");
}

TEST(MailcowOverride, IsOneByItsNameWhereItIsAllThatIsNamed)
{
    EXPECT_THAT(judged("", "", "services: {solr-mailcow: {labels: {a: b}}, nginx-mailcow: {labels: {a: b}}}"),
                ElementsAre(AllOf(Field(&Finding::severity, Severity::error),
                                  Field(&Finding::subject, "/m/docker-compose.override.yml:1"))));
}

// compose-go, loader/validate.go: a service needs an image or a build, and no more.
TEST(MailcowOverride, MayHaveAServiceWithAnImageOfItsOwn)
{
    const std::string solr = "services: {solr-mailcow: {image: 'solr:9'}}";
    EXPECT_THAT(judged("2024-11", stock, solr), ElementsAre(Field(&Finding::severity, Severity::note)));
    const std::string silent = "services: {ipv6nat-mailcow: {image: 'bash:latest'}}";
    EXPECT_THAT(judged("2025-09", stock, silent), ElementsAre(Field(&Finding::severity, Severity::note)));
    EXPECT_THAT(override_world("", stock, silent).unknown("mailcow.override-service").hint,
                testing::StartsWith("Name it with --from."));
}

// _modules/scripts/ipv6_controller.sh of 2025-09.
TEST(MailcowOverride, DoesNotSwitchOffWhatUpdateSwitchesOn)
{
    const std::string silent = "services: {ipv6nat-mailcow: {image: 'bash:latest'}}\n";
    const char* const of_hub = "services: {postfix-mailcow: {image: 'mailcow/postfix:1.77'}}";
    for (const auto& [from, file] : {std::pair("2025-07", stock), std::pair("", of_hub)})
        EXPECT_THAT(judged(from, file, silent),
                    ElementsAre(AllOf(Field(&Finding::severity, Severity::error),
                                      Field(&Finding::message, HasSubstr("update.sh enables IPv6")))));
    EXPECT_THAT(judged("2025-07", stock, silent + "networks: {mailcow-network: {enable_ipv6: false}}\n"),
                ElementsAre(Field(&Finding::severity, Severity::note)));
}

// compose-go 2.0.1, loader/loader.go: profiles before consistency.
TEST(MailcowOverride, MayPutAServiceIntoAProfile)
{
    const RuleWorld world = override_world("", stock, "services: {ipv6nat-mailcow: {profiles: [never]}}");
    EXPECT_THAT(judged("", stock, "services: {ipv6nat-mailcow: {profiles: [never]}}"),
                ElementsAre(AllOf(Field(&Finding::severity, Severity::warning),
                                  Field(&Finding::message, HasSubstr("Compose before 2.26")))));
    EXPECT_THAT(recognise(*world.evidence.compose).disabled, IsEmpty());
}

TEST(MailcowLogin, IsUnknownWhereNoReleaseIsNamed)
{
    RuleWorld world(System::mailcow);
    world.versions("", "2026-07");
    EXPECT_THAT(world.unknown("mailcow.login-2025-03").hint, testing::StartsWith("Name it with --from."));
    world.compose("services: {postfix-mailcow: {image: 'mailcow/postfix:1.77'}}");  // 2024-11b
    EXPECT_THAT(world.found("mailcow.login-2025-03"), ElementsAre(Field(&Finding::severity, Severity::warning)));
}

TEST(MailcowEnv, MayBeACopy)
{
    RuleWorld world(System::mailcow);
    world.versions("2024-11", "2025-01").compose(stock).file("/mailcow/mailcow.conf", "A=b\nREDISPASS=x\n");
    world.file("/mailcow/.env", "A=b\nREDISPASS=x\n");
    EXPECT_THAT(world.found("mailcow.redis-password"),
                ElementsAre(AllOf(Field(&Finding::severity, Severity::warning),
                                  Field(&Finding::hint, HasSubstr("the lines that only .env has")))));
    world.file("/mailcow/.env", "A=b\n");
    EXPECT_THAT(world.found("mailcow.redis-password"), ElementsAre(Field(&Finding::severity, Severity::error)));
    world.link("/mailcow/.env", "mailcow.conf");
    EXPECT_THAT(world.found("mailcow.redis-password"), IsEmpty());
}

TEST(MailcowEnv, IsNoMatterOfAFileWithoutItsServices)
{
    RuleWorld world(System::mailcow);
    world.versions("2024-11", "2025-01").file("/mailcow/mailcow.conf", "A=b\n");
    world.compose("services: {mailcow: {image: 'mailcow/mailcow:latest'}}");
    EXPECT_THAT(world.found("mailcow.redis-password"), IsEmpty());
    EXPECT_THAT(recognise(*world.evidence.compose).systems, IsEmpty());
    EXPECT_THAT(recognise(*world.evidence.compose).doubtful, ElementsAre(HasSubstr("mailcow/mailcow:latest")));
}

// 2025-01, data/Dockerfiles/dovecot/docker-entrypoint.sh: FTS_HEAP is memory, and nothing is a port.
TEST(MailcowEnv, HasASuccessorOnlyForWhatGoesOn)
{
    const auto message = [](const char* line) {
        RuleWorld world(System::mailcow);
        return world.versions("2024-11", "2025-01").env(line).found("mailcow.env-removed").at(0).message;
    };
    EXPECT_THAT(message("SOLR_PORT=127.0.0.1:18983"), testing::EndsWith("on"));
    EXPECT_THAT(message("SOLR_HEAP=1024"), testing::EndsWith("see FTS_HEAP, FTS_PROCS"));
}

// data/conf/nginx/templates/nginx.conf.j2: include /etc/nginx/conf.d/*.conf.
TEST(MailcowNginx, StillReadsWhatIsLeftOfItsOldFiles)
{
    RuleWorld world(System::mailcow);
    world.versions("2025-01", "2026-07").config("nginx/site.conf", "x").config("nginx/templates/sogo.template", "x");
    const std::vector<Finding> found = world.found("mailcow.nginx-edits");
    ASSERT_THAT(found, ElementsAre(Field(&Finding::message, HasSubstr("nginx reads it as long as it exists")),
                                   Field(&Finding::message, HasSubstr("is no longer read"))));
    EXPECT_THAT(found[0].hint, HasSubstr("site.NAME.custom"));
}

TEST(MailcowSni, AsksForNoMapThatNothingWrites)
{
    const auto hint = [](bool covered, bool installed) {
        RuleWorld world(System::mailcow);
        const CertificateFacts facts{"", {covered ? "mail.example.org" : "other.example.org"}, 0, 1};
        world.env("MAILCOW_HOSTNAME=mail.example.org").certificate("/ssl", {}, facts);
        if (installed) world.file("/mailcow/data/hooks/postfix/mailstate.sh", "", 0755);
        return world.found("mailcow.sni-default").at(0).hint;
    };
    EXPECT_THAT(hint(true, false), testing::StartsWith("No action is needed"));
    EXPECT_THAT(hint(false, false), testing::StartsWith("Install mailstate's hooks"));
    EXPECT_THAT(hint(false, true), AllOf(testing::StartsWith("Run docker compose exec postfix-mailcow mailstate sni"),
                                         HasSubstr(", then run docker compose restart postfix-mailcow.")));
}

// An image without the program cannot write the map, and a text that is not there must not be named.
TEST(MailcowSni, NamesItsMapOnlyWhereItIsOrIsWritten)
{
    const auto hint = [](const char* code, const char* type, bool installed, const char* there, bool renewed = false) {
        RuleWorld world(System::mailcow);
        world.config("postfix/extra.cf",
                     std::string("tls_server_sni_maps = ") + type + ":/opt/postfix/conf/mailstate-sni.map\n");
        if (installed) world.file("/mailcow/data/hooks/postfix/mailstate.sh", "", 0755);
        if (*there != '\0') world.config(there, "a  /etc/ssl/mail/key.pem /etc/ssl/mail/cert.pem\n");
        if (renewed) {
            world.config("postfix/mailstate-sni.map.db", "compiled").file("/mailcow/data/assets/ssl/key.pem", "");
            world.modified("/mailcow/data/assets/ssl/key.pem", 1);
        }
        return world.found(code).at(0).hint;
    };
    const char *const map = "postfix/mailstate-sni.map", *const compiled = "postfix/mailstate-sni.map.db";
    EXPECT_THAT(hint("mailcow.sni-map", "texthash", false, ""), testing::StartsWith("Remove the line"));
    EXPECT_THAT(hint("mailcow.sni-map", "texthash", true, ""), HasSubstr("whose hook writes the map"));
    EXPECT_THAT(hint("mailcow.sni-map", "hash", false, map), testing::StartsWith("Set tls_server_sni_maps"));
    EXPECT_THAT(hint("mailcow.sni-compiled", "hash", false, compiled), testing::StartsWith("Remove the line"));
    EXPECT_THAT(hint("mailcow.sni-compiled", "hash", true, compiled), testing::StartsWith("Set tls_server_sni_maps"));
    EXPECT_THAT(hint("mailcow.sni-compiled", "hash", false, map, true), HasSubstr("postmap -F hash:"));
    EXPECT_THAT(hint("mailcow.sni-compiled", "hash", true, map, true), HasSubstr("mailstate sni --out"));
}

}  // namespace

}  // namespace mailstate
