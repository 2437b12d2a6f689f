// SPDX-License-Identifier: MIT
// What is collected from the files that an operator names, on a host that is a few lines.
#include "mailstate/model/layout_json.hpp"
#include "unit/preflight/host_world.hpp"

namespace mailstate {

namespace {

// A folder is the same project as the file in it.
TEST(Projects, AreReadFromAFolderAsFromTheFileInIt)
{
    for (const char* named : {"/srv/mc", "/srv/mc/docker-compose.yml"}) {
        HostWorld host(System::mailcow);
        host.file("/srv/mc/docker-compose.yml", "services: {postfix-mailcow: {image: 'ghcr.io/mailcow/postfix:1.80'}}");
        host.file("/srv/mc/mailcow.conf", "MAILCOW_HOSTNAME=mail.\n").file("/srv/mc/data/conf/postfix/extra.cf", "");
        host.sources().compose_file = named;
        const Evidence evidence = host.evidence();
        EXPECT_EQ(evidence.config_dir, "/srv/mc/data/conf");
        EXPECT_TRUE(evidence.config_known && evidence.settings_known) << named;
    }
    HostWorld host(System::docker_mailserver);
    host.file("/srv/d/compose.yaml", "services: {m: {image: 'mailserver/docker-mailserver:14.0.0', env_file: a.env}}");
    host.file("/srv/d/a.env", "ENABLE_LDAP=1\n");
    host.sources().compose_file = "/srv/d";
    host.sources().shown_compose_file = "d";
    EXPECT_THAT(host.judge(),
                Contains(AllOf(sure("dms.env-removed", Severity::error), Field(&Finding::subject, "d/a.env:1"))));
}

TEST(Projects, OfManifestsNameWhatIsNotLookedInto)
{
    HostWorld host(System::docker_mailserver);
    host.file("/srv/a/b/pod.yaml", "apiVersion: v1\nkind: Pod\n")
        .file("/srv/a/s.yaml", "apiVersion: v1\nkind: Service\n");
    host.sources().compose_file = "/srv/a";
    host.sources().shown_compose_file = "a/";
    host.sources().is_manifest = true;
    const Result<std::optional<Compose>> read = read_project_of(host.sources());
    EXPECT_THAT(read.value()->not_followed, testing::ElementsAre("a/b: the folder was not read"));
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
        HostWorld host(System::docker_mailserver);
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

TEST(RunningRelease, IsThatOfMailusOwnServices)
{
    HostWorld host = mailu_host("2024.06.57");
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

TEST(Projects, KnowNoReleaseOfATagWithoutAValue)
{
    HostWorld host(System::docker_mailserver);
    host.compose("services: {m: {image: 'mailserver/docker-mailserver:${TAG:?}'}}");
    EXPECT_EQ(host.evidence().to.text, "");
    host.compose("services: {m: {image: 'mailserver/docker-mailserver'}}");
    EXPECT_EQ(host.evidence().to.text, "latest");
}

TEST(Process, IsUnknownBelowARoot)
{
    const Layout layout = parse_layout("docker-mailserver.json", built_in_layout_text("docker-mailserver")).value();
    const Survey survey;
    HostWorld host(System::docker_mailserver);
    host.sources().live = true;
    host.sources().layout = &layout;
    host.sources().survey = &survey;
    EXPECT_TRUE(host.evidence().process.has_value());
    host.sources().root = "/srv/root";
    EXPECT_FALSE(host.evidence().process.has_value());
}

}  // namespace

}  // namespace mailstate
