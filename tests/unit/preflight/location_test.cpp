// SPDX-License-Identifier: MIT
// Where a finding is, for people and for pipelines.
#include "preflight/location.hpp"
#include "mailstate/model/layout_json.hpp"
#include "unit/preflight/host_world.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

TEST(Location, IsTheFileThatTheOperatorNamed)
{
    RuleWorld world(System::docker_mailserver);
    world.config("postfix-virtual.cf", "a@x.org b\n");
    world.evidence.shown_config_dir = "./config";
    world.evidence.files_read = {"deploy/compose.yaml"};
    (void)world.judge();
    const auto at = [&](const std::string& subject) {
        const auto location = location_of(world.evidence, subject);
        return location ? location->file + ":" + std::to_string(location->line) : "";
    };
    EXPECT_EQ(at("deploy/compose.yaml:12"), "deploy/compose.yaml:12");
    EXPECT_EQ(at("postfix-virtual.cf:1"), "./config/postfix-virtual.cf:1");
    EXPECT_EQ(at("postfix-virtual.cf"), "./config/postfix-virtual.cf:0");
    EXPECT_EQ(at("SPAM_SUBJECT"), "");
}

std::string located(const RuleVerdict& verdict, std::string_view code)
{
    const auto found = std::ranges::find(verdict.findings, code, &Finding::code);
    if (found == verdict.findings.end()) return "not found";
    const auto place = verdict.details.at(key_of(*found)).location;
    return place ? place->file + ":" + std::to_string(place->line) : "without location";
}

// A ConfigMap's file is at a path of the container, which nobody can open.
TEST(Projects, LocateAFileWhoseTextTheyHave)
{
    HostWorld host(System::docker_mailserver);
    host.file("/srv/m.yaml",
              "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f}\ndata:\n  main.cf: |\n    a = b\n"
              "    smtpd_sender_restrictions = permit\n  quoted: \"a = b\\nsmtpd_sender_restrictions = permit\\n\"\n"
              "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  volumes:\n"
              "  - {name: c, configMap: {name: f}}\n  containers:\n"
              "  - {name: m, image: 'mailserver/docker-mailserver:11.3.1', volumeMounts: [{name: c, mountPath: "
              "/tmp/docker-mailserver/postfix-main.cf, subPath: main.cf}]}\n");
    host.sources().compose_file = "/srv/m.yaml";
    host.sources().shown_compose_file = "m.yaml";
    host.sources().is_manifest = true;
    host.sources().to = "15.0.0";
    const auto location = [&]() {
        const RuleVerdict verdict = judge(host.evidence());
        const auto found = std::ranges::find(verdict.findings, "dms.sender-restrictions", &Finding::code);
        if (found == verdict.findings.end()) return std::string("not found");
        EXPECT_THAT(found->message, HasSubstr("postfix-main.cf: "));
        EXPECT_EQ(located(verdict, "dms.sender-restrictions"), found->subject);
        return found->subject;
    };
    EXPECT_EQ(location(), "m.yaml:7");
    std::string text = host.text("/srv/m.yaml");
    text.replace(text.find("subPath: main.cf"), 16, "subPath: quoted");
    host.file("/srv/m.yaml", text);
    EXPECT_EQ(location(), "m.yaml:8");
}

// In a container of a pipeline the folder is elsewhere: a path that is not relative is of no use there.
TEST(Projects, AreRelativeInAllPathsWhereTheyWereNamedSo)
{
    HostWorld dms(System::docker_mailserver);
    dms.file("/w/d/compose.yaml",
             "services: {m: {image: 'mailserver/docker-mailserver:12.0.0', volumes: "
             "['./cfg:/tmp/docker-mailserver']}}");
    dms.file("/w/d/cfg/postfix-main.cf", "\nsmtpd_sender_restrictions = permit\n");
    dms.sources().compose_file = "/w/d/compose.yaml";
    dms.sources().shown_compose_file = "d/compose.yaml";
    dms.sources().directory = "/w";
    dms.sources().to = "15.0.0";
    const RuleVerdict of_dms = judge(dms.evidence());
    EXPECT_EQ(located(of_dms, "dms.sender-restrictions"), "d/cfg/postfix-main.cf:2");
    EXPECT_THAT(of_dms.judged.files, testing::IsSupersetOf({"d/compose.yaml", "d/cfg/postfix-main.cf"}));
    dms.sources().shown_compose_file = "/w/d/compose.yaml";
    EXPECT_EQ(located(judge(dms.evidence()), "dms.sender-restrictions"), "/w/d/cfg/postfix-main.cf:2");

    HostWorld mailcow(System::mailcow);
    mailcow.file("/w/mc/docker-compose.yml", "services: {postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.80'}}");
    mailcow.file("/w/mc/mailcow.conf", "A=1\nMAILCOW_HOSTNAME=mail.\n").file("/w/mc/data/conf/postfix/extra.cf", "");
    mailcow.sources().directory = "/w";
    mailcow.sources().to = "2025-01";
    for (const bool by_folder : {true, false}) {
        mailcow.sources().config_dir = by_folder ? "/w/mc/data/conf" : "";
        mailcow.sources().shown_config_dir = by_folder ? "mc/data/conf" : "";
        mailcow.sources().compose_file = by_folder ? "" : "/w/mc/docker-compose.yml";
        mailcow.sources().shown_compose_file = by_folder ? "" : "mc/docker-compose.yml";
        const RuleVerdict verdict = judge(mailcow.evidence());
        EXPECT_EQ(located(verdict, "mailcow.hostname"), "mc/mailcow.conf:2");
        EXPECT_THAT(verdict.judged.files, testing::IsSupersetOf({"mc/mailcow.conf", "mc/data/conf/postfix/extra.cf"}));
    }
}

TEST(Projects, LocateWhatALineDecides)
{
    HostWorld host = mailu_host("2024.06.12");
    host.compose(
        "services:\n  front:\n    image: ghcr.io/mailu/nginx:2.0.1\n    env_file: mailu.env\n    volumes: "
        "['/srv/certs:/certs']\n");
    host.file("/srv/mailu.env", "A=1\nTLS_FLAVOR=cert\n").file("/srv/certs/readme", "");
    const RuleVerdict verdict = judge(host.evidence());
    EXPECT_EQ(located(verdict, "mailu.tls-flavor"), "/srv/mailu.env:2");
    EXPECT_EQ(located(verdict, "mailu.lmtp-ratelimit"), "/srv/docker-compose.yml:3");
}

// Nobody has a line '- ./data/redis:/var/lib/redis' there.
TEST(Projects, NameAMountToRemoveByItsPlace)
{
    for (const char* mount :
         {"'${DATA:-./data}/redis:/var/lib/redis:Z'", "{type: bind, source: ./data/redis, target: /var/lib/redis}"}) {
        HostWorld host(System::docker_mailserver);
        const Layout layout = parse_layout("docker-mailserver.json", built_in_layout_text("docker-mailserver")).value();
        host.sources().layout = &layout;
        host.compose(
            "services:\n  m:\n    image: mailserver/docker-mailserver:14.0.0\n    environment: "
            "{ENABLE_RSPAMD: 1}\n    volumes:\n    - " +
            std::string(mount) + "\n    - st:/var/mail-state\nvolumes: {st: }\n");
        EXPECT_THAT(host.judge(), Contains(AllOf(Field(&Finding::code, "dms.direct-mount"),
                                                 Field(&Finding::hint, HasSubstr("remove the mount at "
                                                                                 "/srv/docker-compose.yml:6, then")))))
            << mount;
    }
}

}  // namespace

}  // namespace mailstate
