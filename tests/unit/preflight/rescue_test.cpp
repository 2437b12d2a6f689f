// SPDX-License-Identifier: MIT
// State that ends with its container: what is said of it, and whether the remedy saves it.
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

// The finding on a service of a compose file with these volumes, as check reads it.
Finding not_mounted(const std::string& volumes, const std::string& file = "compose.yml", const std::string& env = {})
{
    RuleWorld world(System::docker_mailserver);
    world.versions("13.3.1", "15.0.0").env(env);
    world.compose("services: {mail: {image: 'mailserver/docker-mailserver:13.3.1', volumes: " + volumes + "}}");
    world.evidence.compose->file = file;
    for (const ComposeMount& mount : world.evidence.compose->services.at(0).mounts) {
        MountFact fact{
            mount.target, mount.source, mount.type == "tmpfs" ? "tmpfs" : "", "", "mail", mount.where, false, ""};
        fact.anonymous = mount.type == "volume" && mount.source.empty();
        world.evidence.mounts.push_back(fact);
    }
    const std::vector<Finding> found = world.found("dms.state-not-mounted");
    return found.empty() ? Finding{} : found.front();
}

const char* const nowhere = "['config:/tmp/docker-mailserver']";
const char* const memory = "[{type: tmpfs, target: /var/mail-state}]";

TEST(StateThatIsLost, InALayerIsExportedFromTheStoppedContainer)
{
    const Finding found = not_mounted(nowhere);
    EXPECT_THAT(found.message, HasSubstr("nothing is mounted at /var/mail-state"));
    EXPECT_THAT(found.hint, AllOf(HasSubstr("docker compose stop mail"), HasSubstr("docker export"),
                                  HasSubstr("apply --from-root")));
}

TEST(StateThatIsLost, InMemoryIsCopiedOutOfTheRunningContainer)
{
    const Finding found = not_mounted(memory);
    EXPECT_THAT(found.message, HasSubstr("lost when the container stops"));
    EXPECT_THAT(found.hint, AllOf(HasSubstr("docker compose exec -T mail tar -c -C /var/mail-state ."),
                                  Not(HasSubstr("compose stop")), Not(HasSubstr("docker export"))));
    EXPECT_THAT(found.hint, HasSubstr("--entrypoint tar mail -x -p -C /var/mail-state < state.tar"));
}

TEST(StateThatIsLost, InAnEmptyDirIsCopiedFromWhereItIs)
{
    RuleWorld world(System::docker_mailserver);
    world.manifest(
        "kind: Pod\napiVersion: v1\nmetadata: {name: x}\nspec:\n  containers:\n  - name: m\n"
        "    image: mailserver/docker-mailserver:14.0.0\n");
    world.evidence.mounts.push_back({"/var/mail-state", "s", "emptyDir", "", "x/m", "pod.yaml:9", false, ""});
    const std::vector<Finding> found = world.found("dms.state-not-mounted");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(found[0].message, HasSubstr("ends with the pod"));
    EXPECT_THAT(found[0].hint,
                AllOf(HasSubstr("kubectl exec POD -c m -- tar -c -C /var/mail-state ."), Not(HasSubstr("/var/lib"))));
}

TEST(StateThatIsLost, InAVolumeWithoutANameIsKeptByUpAlone)
{
    const Finding found = not_mounted("['/var/mail-state']");
    EXPECT_THAT(found.message, AllOf(HasSubstr("docker compose down"), HasSubstr("docker compose up alone keeps it")));
    EXPECT_THAT(found.hint, HasSubstr("docker compose exec -T mail tar -c"));
}

TEST(StateThatIsLost, IsSavedFromTheProjectOfTheFile)
{
    EXPECT_THAT(not_mounted(nowhere, "docker-compose.deploy.yml").hint,
                AllOf(HasSubstr("docker compose -f docker-compose.deploy.yml stop mail"),
                      HasSubstr("$(docker compose -f docker-compose.deploy.yml ps -aq mail)")));
    EXPECT_THAT(not_mounted(memory, "my mail.yml").hint, HasSubstr("docker compose -f 'my mail.yml' exec"));
    EXPECT_THAT(not_mounted(nowhere, "srv/compose.yaml").hint,
                HasSubstr("docker compose --project-directory srv stop mail"));
    EXPECT_THAT(not_mounted(nowhere, "./docker-compose.yml").hint, HasSubstr("; docker compose stop mail"));
    EXPECT_THAT(not_mounted(nowhere, "-").hint, HasSubstr("docker compose stop mail"));
}

TEST(StateThatIsLost, IsInTheLayerWhereOneDirIsOff)
{
    const Finding found = not_mounted("['vol:/var/mail-state']", "compose.yml", "ONE_DIR=0");
    EXPECT_EQ(found.subject, "mailserver.env:1");
    EXPECT_THAT(found.message,
                AllOf(HasSubstr("with ONE_DIR=0 nothing is kept in /var/mail-state"), HasSubstr("lost")));
    EXPECT_THAT(found.hint, HasSubstr("docker export"));
    EXPECT_EQ(not_mounted("['vol:/var/mail-state']", "compose.yml", "ONE_DIR=1").code, "");
    EXPECT_THAT(not_mounted(memory, "compose.yml", "ONE_DIR=0").hint, HasSubstr("docker export"));
}

TEST(OneDir, WarnsOfOlderStateOnTheVolume)
{
    const auto found = [](const std::vector<std::string>& directories) {
        RuleWorld world(System::docker_mailserver);
        world.versions("13.3.1", "15.0.0").env("ONE_DIR=0").mount("/var/mail-state");
        for (const std::string& each : directories) world.directory(each);
        return world.found("dms.one-dir-removed").at(0);
    };
    EXPECT_THAT(found({}).message, HasSubstr("if that volume has older state, upstream would use it"));
    EXPECT_THAT(found({"/var/mail-state"}).message, Not(HasSubstr("older state")));
    const Finding older = found({"/var/mail-state", "/var/mail-state/lib-redis"});
    EXPECT_THAT(older.message, HasSubstr("has older state: upstream would use that"));
    EXPECT_EQ(older.severity, Severity::warning);
    EXPECT_THAT(older.hint, HasSubstr("keep the volume, but move its older state"));
}

}  // namespace

}  // namespace mailstate
