// SPDX-License-Identifier: MIT
// What is collected from the files that an operator names, on a host that is a few lines.
#include <gmock/gmock.h>

#include "fake/fake_filesystem.hpp"
#include "mailstate/model/layout_json.hpp"
#include "preflight/gather.hpp"
#include "preflight/gathering.hpp"
#include "preflight/rule.hpp"
#include "support/any_proof.hpp"

namespace mailstate {

namespace {

using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

class Host {
public:
    explicit Host(System system)
    {
        sources_.system = system;
        sources_.environment = &environment_;
        sources_.settings = &environment_;
        sources_.inside = sources_.host = &fake_.reader();
    }

    Host& file(const Path& path, std::string_view text)
    {
        DirectoryRef directory = fake_.reader().open("/").value();
        Path at = "/";
        for (const Path& part : path.parent_path().relative_path()) {
            (void)fake_.writer().make_directory(directory, part.string(), Mode{0755});  // it may be there
            directory = fake_.reader().open(at /= part).value();
        }
        const auto written =
            fake_.writer().replace_file(directory, path.filename().string(), text, Mode{0644}, any_proof());
        EXPECT_TRUE(written.has_value()) << path;
        return *this;
    }
    Host& compose(std::string_view text)
    {
        sources_.compose_file = "/srv/docker-compose.yml";
        return file(sources_.compose_file, text);
    }
    Sources& sources() { return sources_; }
    std::string text(const std::string& path) { return read_named(fake_.reader(), path).value(); }
    Evidence evidence() { return gather(sources_).value(); }
    std::vector<Finding> judge() { return judge_rules(evidence()); }

private:
    FakeFilesystem fake_;
    Variables environment_;
    Sources sources_;
};

Host mailu(std::string_view version)
{
    Host host(System::mailu);
    host.sources().to = version;
    return host;
}

const char* const admin = "services:\n  admin:\n    image: ghcr.io/mailu/admin:2.0.1\n    env_file: mailu.env\n";

auto sure(std::string_view code, Severity severity)
{
    return AllOf(Field(&Finding::code, code), Field(&Finding::severity, severity),
                 Field(&Finding::message, Not(HasSubstr("unknown"))));
}

TEST(FileVariables, AreReadWhereTheComposeFileMountsThem)
{
    Host host = mailu("2024.06.12");
    host.compose(std::string(admin) + "    volumes: ['./own:/own']\n").file("/srv/own/enforce", "true\n");
    host.file("/srv/mailu.env", "INBOUND_TLS_ENFORCE_FILE=/own/enforce\n");
    EXPECT_THAT(host.judge(),
                Contains(AllOf(sure("mailu.lmtp-tls", Severity::error), Field(&Finding::subject, "/srv/mailu.env:1"))));
}

TEST(FileVariables, AreReadFromASecretOfTheComposeFile)
{
    for (const char* form : {"[tls]", "[{source: tls, target: tls}]", "[{source: tls, target: /run/secrets/tls}]"}) {
        Host host = mailu("2024.06.12");
        host.compose(std::string(admin) + "    secrets: " + form + "\nsecrets: {tls: {file: ./secret/tls.txt}}\n");
        host.file("/srv/mailu.env", "INBOUND_TLS_ENFORCE=false\nINBOUND_TLS_ENFORCE_FILE=/run/secrets/tls\n");
        host.file("/srv/secret/tls.txt", "yes");
        EXPECT_THAT(host.judge(), Contains(sure("mailu.lmtp-tls", Severity::error))) << form;
        host.file("/srv/secret/tls.txt", "no\n");
        EXPECT_THAT(host.judge(), Not(Contains(Field(&Finding::code, "mailu.lmtp-tls")))) << form;
    }
}

TEST(FileVariables, ThatAreNotSeenAreUnknown)
{
    Host host = mailu("2024.06.12");
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
    Host host(System::docker_mailserver);
    host.compose("services: {mail: {image: 'mailserver:15.0.0', env_file: mail.env}}").file("/srv/mail.env", lines);
    EXPECT_THAT(host.judge(), Not(Contains(Field(&Finding::code, "dms.env-syntax"))));
    Host by_hand(System::docker_mailserver);
    by_hand.file("/srv/mail.env", lines).sources().env_file = "/srv/mail.env";
    EXPECT_THAT(by_hand.judge(), Contains(sure("dms.env-syntax", Severity::warning)).Times(3));
}

TEST(EnvFiles, AreBlamedOnceHoweverManyServicesReadThem)
{
    Host host = mailu("2024.06.30");
    host.compose(std::string(admin) + "  smtp: {image: 'ghcr.io/mailu/postfix:2.0.1', env_file: mailu.env}\n" +
                 "  imap: {image: 'ghcr.io/mailu/dovecot:2.0.1', env_file: [./mailu.env, none.env]}\n" +
                 "  front: {image: 'ghcr.io/mailu/nginx:2.0.1', env_file: none.env}\n");
    host.file("/srv/mailu.env", "not a variable\n");
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.line")).Times(1));
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.unreadable")).Times(1));
    host.sources().env_file = "/srv/mailu.env";
    EXPECT_THAT(host.judge(), Contains(Field(&Finding::code, "env.line")).Times(1));
}

Host dms(const std::string& volumes, const std::string& more = {})
{
    Host host(System::docker_mailserver);
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
    Host host = dms("./conf:/tmp/docker-mailserver, ./mail:/var/mail, certs:/tmp/docker-mailserver/ssl",
                    "volumes: {certs: }\n");
    host.file("/srv/conf/postfix-main.cf", "a = b\n").file("/srv/mail/example.org/x", "");
    const Judged judged = judge(host.evidence()).judged;
    for (const char* rule : {"dms.cf-lines", "dms.getmail-config", "dms.sieve-home"})
        EXPECT_THAT(judged.fine, Contains(rule));
}

TEST(ConfigFolder, IsKnownInPartWhereAFileOfItWasSeen)
{
    Host host =
        dms("conf:/tmp/docker-mailserver, ./main.cf:/tmp/docker-mailserver/postfix-main.cf", "volumes: {conf: }\n");
    host.file("/srv/main.cf", "smtpd_relay_restrictions = permit\n");
    const Judged judged = judge(host.evidence()).judged;
    EXPECT_THAT(judged.found, Contains("dms.relay-restrictions"));
    EXPECT_THAT(why_unjudged(judged, "dms.alias-loop"), HasSubstr("conf:/tmp/docker-mailserver"));
    const Judged other = judge(dms("./main.cf:/tmp/docker-mailserver/postfix-main.cf").evidence()).judged;
    EXPECT_THAT(why_unjudged(other, "dms.relay-restrictions"), HasSubstr("a part of the configuration folder"));
}

TEST(ConfigFolder, IsTheOneThatWasNamed)
{
    Host host = dms("conf:/tmp/docker-mailserver", "volumes: {conf: }\n");
    host.sources().config_dir = "/else";
    EXPECT_FALSE(host.evidence().config_known);
    host.file("/else/postfix-main.cf", "smtpd_relay_restrictions = permit\n");
    EXPECT_THAT(judge(host.evidence()).judged.found, Contains("dms.relay-restrictions"));
    EXPECT_THAT(judge(host.evidence()).judged.fine, Contains("dms.cf-lines"));

    Host other = dms("./conf:/tmp/docker-mailserver");
    other.file("/srv/conf/postfix-main.cf", "").sources().config_dir = "/nonexist";
    EXPECT_FALSE(other.evidence().config_known);
}

TEST(EnvFiles, WhosePathHasAVariableWithoutValueAreNamedByIt)
{
    Host host(System::docker_mailserver);
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

TEST(Overrides, OfTheImageThatWereNotSeenAreUnknown)
{
    EXPECT_THAT(dms("./gone.conf:/etc/opendmarc.conf").judge(),
                Contains(AllOf(Field(&Finding::code, "dms.opendmarc-hold"), Field(&Finding::severity, Severity::note),
                               Field(&Finding::message, HasSubstr("unknown: ")))));
}

std::string located(const RuleVerdict& verdict, std::string_view code)
{
    const auto found = std::ranges::find(verdict.findings, code, &Finding::code);
    if (found == verdict.findings.end()) return "not found";
    const auto place = verdict.details.at(key_of(*found)).location;
    return place ? place->file + ":" + std::to_string(place->line) : "without location";
}

// A folder is the same project as the file in it.
TEST(Projects, AreReadFromAFolderAsFromTheFileInIt)
{
    for (const char* named : {"/srv/mc", "/srv/mc/docker-compose.yml"}) {
        Host host(System::mailcow);
        host.file("/srv/mc/docker-compose.yml", "services: {postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.80'}}");
        host.file("/srv/mc/mailcow.conf", "MAILCOW_HOSTNAME=mail.\n").file("/srv/mc/data/conf/postfix/extra.cf", "");
        host.sources().compose_file = named;
        const Evidence evidence = host.evidence();
        EXPECT_EQ(evidence.config_dir, "/srv/mc/data/conf");
        EXPECT_TRUE(evidence.config_known && evidence.settings_known) << named;
    }
    Host host(System::docker_mailserver);
    host.file("/srv/d/compose.yaml", "services: {m: {image: 'mailserver/docker-mailserver:14.0.0', env_file: a.env}}");
    host.file("/srv/d/a.env", "ENABLE_LDAP=1\n");
    host.sources().compose_file = "/srv/d";
    host.sources().shown_compose_file = "d";
    EXPECT_THAT(host.judge(),
                Contains(AllOf(sure("dms.env-removed", Severity::error), Field(&Finding::subject, "d/a.env:1"))));
}

TEST(Projects, OfManifestsNameWhatIsNotLookedInto)
{
    Host host(System::docker_mailserver);
    host.file("/srv/a/b/pod.yaml", "apiVersion: v1\nkind: Pod\n")
        .file("/srv/a/s.yaml", "apiVersion: v1\nkind: Service\n");
    host.sources().compose_file = "/srv/a";
    host.sources().shown_compose_file = "a/";
    host.sources().is_manifest = true;
    const Result<std::optional<Compose>> read = read_project_of(host.sources());
    EXPECT_THAT(read.value()->not_followed, testing::ElementsAre("a/b: the folder was not looked into"));
    EXPECT_THAT(read.value()->files, testing::ElementsAre("a/s.yaml"));
    host.file("/srv/c/b/pod.yaml", "").sources().compose_file = "/srv/c";
    const Result<std::optional<Compose>> empty = read_project_of(host.sources());
    ASSERT_FALSE(empty);
    EXPECT_THAT(describe(empty.error()), HasSubstr("the folder has no manifest"));
    EXPECT_THAT(empty.error().hint, HasSubstr("Name the file"));
}

TEST(Projects, TakeStateThatAnotherContainerHasForPossible)
{
    const auto judged = [](const std::string& from) {
        Host host(System::docker_mailserver);
        host.compose(
            "services: {a: {image: busybox, volumes: ['keep:/var/mail-state']}, m: {image: "
            "'mailserver/docker-mailserver:14.0.0', volumes_from: [" +
            from + "]}}\nvolumes: {keep: }");
        host.sources().service = "m";
        return judge(host.evidence());
    };
    const auto lost = Contains(Field(&Finding::code, "dms.state-not-mounted"));
    EXPECT_THAT(judged("a").findings, Not(lost));
    EXPECT_THAT(judged("a").judged.fine, Contains("dms.state-not-mounted"));
    EXPECT_THAT(judged("'container:x'").findings, Not(lost));
    EXPECT_THAT(judged("'container:x'").judged.fine, Not(Contains("dms.state-not-mounted")));
    EXPECT_THAT(judged("").findings, lost);
}

// A ConfigMap's file is at a path of the container, which nobody can open.
TEST(Projects, LocateAFileWhoseTextTheyHave)
{
    Host host(System::docker_mailserver);
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
        const auto place = verdict.details.at(key_of(*found)).location;
        return found->subject + " " + place->file + " " + std::to_string(place->line);
    };
    EXPECT_EQ(location(), "m.yaml:7 m.yaml 7");
    std::string text = host.text("/srv/m.yaml");
    text.replace(text.find("subPath: main.cf"), 16, "subPath: quoted");
    host.file("/srv/m.yaml", text);
    EXPECT_EQ(location(), "m.yaml:8 m.yaml 8");
}

TEST(RunningRelease, IsThatOfMailusOwnServices)
{
    Host host = mailu("2024.06.57");
    host.compose("services: {dumper: {image: 'mailu/traefik-certdumper:master'}, front: {image: 'mailu/nginx:1.8'}}");
    EXPECT_EQ(host.evidence().from.text, "1.8");
    host.compose("services: {front: {image: '${DOCKER_ORG:-mailu}/${DOCKER_PREFIX:-}nginx:${MAILU_VERSION:-2.0}'}}");
    host.file("/srv/.env", "DOCKER_ORG=example\nDOCKER_PREFIX=my-\nMAILU_VERSION=2.0.30\n");
    EXPECT_EQ(host.evidence().from.text, "2.0.30");
    host.compose("services: {front: {image: 'ghcr.io/mailu/nginx:${OTHER_VERSION}'}}");
    EXPECT_EQ(host.evidence().from.text, "");
    host.compose("services: {front: {image: 'ghcr.io/mailu/nginx'}}");
    EXPECT_EQ(host.evidence().from.text, "latest");
}

TEST(ConfigurationFolder, OfMailuIsWhereItsOverridesAre)
{
    Host host = mailu("2024.06.57");
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

// In a container of a pipeline the folder is elsewhere: a path that is not relative is of no use there.
TEST(Projects, AreRelativeInAllPathsWhereTheyWereNamedSo)
{
    Host dms(System::docker_mailserver);
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

    Host mailcow(System::mailcow);
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
    Host host = mailu("2024.06.12");
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
        Host host(System::docker_mailserver);
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

TEST(EnvFiles, MayBeReplacedByTheOneThatIsNamed)
{
    Host host(System::docker_mailserver);
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

TEST(Projects, KnowNoReleaseOfATagWithoutAValue)
{
    Host host(System::docker_mailserver);
    host.compose("services: {m: {image: 'mailserver/docker-mailserver:${TAG:?}'}}");
    EXPECT_EQ(host.evidence().to.text, "");
    host.compose("services: {m: {image: 'mailserver/docker-mailserver'}}");
    EXPECT_EQ(host.evidence().to.text, "latest");
}

TEST(Process, IsUnknownBelowARoot)
{
    const Layout layout = parse_layout("docker-mailserver.json", built_in_layout_text("docker-mailserver")).value();
    const Survey survey;
    Host host(System::docker_mailserver);
    host.sources().live = true;
    host.sources().layout = &layout;
    host.sources().survey = &survey;
    EXPECT_TRUE(host.evidence().process.has_value());
    host.sources().root = "/srv/root";
    EXPECT_FALSE(host.evidence().process.has_value());
}

}  // namespace

}  // namespace mailstate
