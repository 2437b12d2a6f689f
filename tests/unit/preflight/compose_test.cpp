// SPDX-License-Identifier: MIT
// A compose project as compose reads it. Each test names the place that decides: compose-go (github.com/compose-spec/
// compose-go) or the Compose specification.
#include "unit/preflight/compose_world.hpp"

namespace mailstate {

namespace {

std::vector<std::string> targets(const Compose& compose)
{
    std::vector<std::string> texts;
    for (const ComposeMount& mount : find_service(compose, "mail")->mounts)
        texts.push_back(mount.source + ":" + mount.target);
    return texts;
}

// override/merge.go, services.*.environment: mergeToSequence; a list and a map are one.
TEST(ComposeProject, LaysVariablesOfBothFormsOverOneAnother)
{
    const Compose compose = load_project({{"/p/compose.yaml", "services: {mail: {environment: {A: 1, B: 2}}}"},
                                          {"/p/compose.override.yml", "services: {mail: {environment: [B=3, C=4]}}"}});
    EXPECT_EQ(variable(compose, "A") + variable(compose, "B") + variable(compose, "C"), "134");
    EXPECT_THAT(compose.files, ElementsAre("/p/compose.yaml", "/p/compose.override.yml"));
}

// override/uncity.go, services.*.volumes: volumeIndexer, by the target.
TEST(ComposeProject, KeepsTheLastVolumeOfATarget)
{
    const Compose compose =
        load_project({{"/p/compose.yaml", "services: {mail: {volumes: ['aa:/x', 'bb:/y']}}"},
                      {"/p/compose.override.yml", "services: {mail: {volumes: ['cc:/x', 'dd:/z']}}"}});
    EXPECT_THAT(targets(compose), ElementsAre("cc:/x", "bb:/y", "dd:/z"));
}

TEST(ComposeProject, KeepsAnImageAsItWasWritten)
{
    const FilesByPath base{{"/p/compose.yaml", "services: {mail: {image: 'x:${TAG:-1}'}}"}};
    EXPECT_EQ(find_service(load_project(base), "mail")->written_image, "x:${TAG:-1}");
    FilesByPath both = base;
    both["/p/compose.override.yml"] = "services: {mail: {image: 'y:2'}}";
    EXPECT_EQ(find_service(load_project(both), "mail")->written_image, "y:2");
}

// format/volume.go, isWindowsDrive: a lone letter is a drive, whose path has a colon of its own.
TEST(ComposeProject, TakesALoneLetterForADrive)
{
    const Compose compose = load_project(
        {{"/p/compose.yaml", "services: {mail: {volumes: ['C:/state:/var/mail-state', 'vol:/x:ro', '/anonymous']}}"}});
    EXPECT_THAT(targets(compose), ElementsAre("C:/state:/var/mail-state", "vol:/x", ":/anonymous"));
}

// A service that a second file adds to is still where the first has it.
TEST(ComposeProject, KeepsTheLineOfAServiceThatIsAddedTo)
{
    const Compose compose =
        load_project({{"/p/compose.yaml", "services:\n\n\n  mail: {image: x}\n"},
                      {"/p/compose.override.yml", "services:\n  mail:\n    image: y\n    environment: {A: 1}\n"}});
    EXPECT_EQ(find_service(compose, "mail")->where, "/p/compose.yaml:4");
    EXPECT_EQ(find_service(compose, "mail")->image_where, "/p/compose.override.yml:3");
    EXPECT_EQ(find_service(compose, "mail")->environment.at("A").where, "/p/compose.override.yml:4");
}

// yaml-cpp reads these without an end.
TEST(ComposeProject, RefusesWhatIsNoYaml)
{
    for (const char* text : {",", ", x", "a: 1\n---\n, : 1\na: 2\n", "--- # a\n}\n"}) {
        const Compose compose = load_project({{"/p/compose.yaml", text}});
        ASSERT_FALSE(compose.problems.empty()) << text;
        EXPECT_THAT(compose.problems[0].finding.message, HasSubstr("this is not a compose file")) << text;
    }
    EXPECT_THAT(load_project({{"/p/compose.yaml", "---\n---\nservices: {mail: {image: a}}\n---\n...\n"}}).problems,
                IsEmpty());
}

// A short file must not take all memory, nor the stack.
TEST(ComposeProject, RefusesToGrowWithoutEnd)
{
    std::string repeated = "x-a: &a \"" + std::string(100'000, 'a') + "\"\nx-b: &b [";
    for (int i = 0; i < 100; ++i) repeated += "*a, ";
    repeated += "]\nx-c: [";
    for (int i = 0; i < 100; ++i) repeated += "*b, ";
    const Compose aliases = load_project({{"/p/compose.yaml", repeated + "]\nservices: {}\n"}});
    EXPECT_THAT(aliases.problems.at(0).finding.message, HasSubstr("anchors repeat too much text"));

    std::string chain = "services:\n";
    for (int i = 0; i < 20'000; ++i)
        chain += "  s" + std::to_string(i) + ": {extends: s" + std::to_string(i + 1) + "}\n";
    const Compose deep = load_project({{"/p/compose.yaml", chain + "  s20000: {image: a}\n"}});
    ASSERT_EQ(deep.problems.size(), 1U);
    EXPECT_THAT(deep.problems.at(0).finding.message, HasSubstr("more than 50 services extend one another"));
}

// yaml.org/type/merge.html: of several maps the first wins, and a key of one's own before all.
TEST(ComposeProject, MergesKeysThroughSeveralLevels)
{
    const Compose compose = load_project({{"/p/compose.yaml",
                                           "x-a: &a {environment: {A: 1}, image: a}\nx-b: &b {image: b}\n"
                                           "x-c: &c {<<: [*b, *a], cap_add: [X]}\nservices:\n  mail:\n"
                                           "    <<: *c\n    privileged: true\n"}});
    EXPECT_EQ(variable(compose, "A"), "1");
    EXPECT_EQ(find_service(compose, "mail")->image, "b");
    EXPECT_EQ(find_service(compose, "mail")->cap_add[0].where, "/p/compose.yaml:3");
}

// loader/reset.go: !reset takes away what the files before have, !override takes its place.
TEST(ComposeProject, ObeysResetAndOverride)
{
    const Compose compose = load_project(
        {{"/p/compose.yaml", "services: {mail: {environment: {A: 1}, volumes: ['aa:/x'], ports: ['25:25']}}"},
         {"/p/compose.override.yml",
          "services:\n  mail:\n    environment: !reset null\n    volumes: !override "
          "['bb:/y']\n    ports: !reset []\n"}});
    EXPECT_EQ(variable(compose, "A"), "(none)");
    EXPECT_THAT(targets(compose), ElementsAre("bb:/y"));
    EXPECT_TRUE(find_service(compose, "mail")->ports.empty());
}

// loader/merge_reset_test.go, Test_LoadWithReset: one variable alone. Of a list, or where an earlier file was laid
// over, there is no path to it, and it stays.
TEST(ComposeProject, ObeysResetAndOverrideOfALeaf)
{
    const auto laid_over = [](const std::string& base, const std::string& over) {
        return load_project({{"/p/compose.yaml", "services: {mail: " + base + "}"},
                             {"/p/compose.override.yml", "services: {mail: " + over + "}"}});
    };
    for (const char* tag : {"!reset ", "!reset null", "!reset x"}) {
        const Compose compose =
            laid_over("{environment: {A: 1, B: 2}}", "{environment: {A: " + std::string(tag) + "}}");
        EXPECT_EQ(variable(compose, "A") + variable(compose, "B"), "(none)2") << tag;
        EXPECT_EQ(variable(laid_over("{environment: [A=1]}", "{environment: {A: " + std::string(tag) + "}}"), "A"),
                  "1");
    }
    EXPECT_EQ(variable(laid_over("{environment: {A: 1}}", "{environment: {A: !override 3}}"), "A"), "3");
    EXPECT_EQ(find_service(laid_over("{image: a}", "{image: !reset null}"), "mail")->image, "");
    EXPECT_THAT(find_service(laid_over("{ports: ['1:1']}", "{ports: [!reset '1:1', '2:2']}"), "mail")->ports,
                ElementsAre(testing::Field(&ComposeItem::text, "1:1"), testing::Field(&ComposeItem::text, "2:2")));
}

// extends.go, include.go: post.Apply, to the base and to what is included.
TEST(ComposeProject, ObeysResetOfWhatIsExtendedOrIncluded)
{
    const char* const own = "{environment: {A: !reset , B: 3}}";
    const Compose extends = load_project({{"/p/compose.yaml",
                                           "services:\n  base: {environment: {A: 1, B: 2}}\n"
                                           "  mail: {extends: base, environment: {A: !reset , B: 3}}\n"}});
    EXPECT_EQ(variable(extends, "A") + variable(extends, "B"), "(none)3");
    EXPECT_EQ(variable(extends, "A", "base"), "1");
    const Compose includes =
        load_project({{"/p/compose.yaml", "include: [b.yaml]\nservices: {mail: " + std::string(own) + "}"},
                      {"/p/b.yaml", "services: {mail: {environment: {A: 1, B: 2}}}"}});
    EXPECT_EQ(variable(includes, "A") + variable(includes, "B"), "(none)3");
}

// types/project.go, WithServicesEnvironmentResolved: a name without a value is the project's, else it is not set.
TEST(ComposeProject, TakesValuesFromTheProjectsVariables)
{
    const Compose compose =
        load_project({{"/p/.env", "A=1\n"}, {"/p/compose.yaml", "services: {mail: {environment: [A, B]}}"}},
                     "/p/compose.yaml", {{"C", "x"}});
    EXPECT_EQ(variable(compose, "A"), "1");
    EXPECT_TRUE(find_service(compose, "mail")->environment.at("B").has_no_value);
}

// Compose specification, volumes_from; moby, daemon/volumes.go: registerMountPoints.
TEST(ComposeProject, FollowsVolumesFrom)
{
    const Compose compose =
        load_project({{"/p/compose.yaml",
                       "services:\n  mail:\n    volumes_from: [data:ro]\n    volumes: ['own:/x']\n"
                       "  data:\n    volumes: ['aa:/x', 'bb:/y']\n    tmpfs: /t\n    volumes_from: [root]\n"
                       "  root: {volumes: ['cc:/z', 'dd:/y']}\n"}});
    EXPECT_THAT(targets(compose), ElementsAre("cc:/z", "bb:/y", "own:/x"));
    const ComposeService& mail = *find_service(compose, "mail");
    EXPECT_TRUE(mail.mounts[1].read_only && !mail.mounts[2].read_only);
    EXPECT_EQ(mail.mounts[1].where, "/p/compose.yaml:6");
    const Compose elsewhere =
        load_project({{"/p/compose.yaml", "services: {mail: {volumes_from: ['container:old:ro']}}"}});
    EXPECT_THAT(elsewhere.not_followed, ElementsAre(HasSubstr("the volumes of the container old")));
    const auto problems = [](const char* name) {
        return load_project({{"/p/compose.yaml", "services: {mail: {volumes_from: [" + std::string(name) + "]}}"}})
            .problems.size();
    };
    EXPECT_EQ(problems("gone"), 1U);
    EXPECT_EQ(problems("mail"), 0U);
}

TEST(ComposeProject, FollowsVolumesFromToAnEnd)
{
    std::string chain = "services:\n";
    for (int i = 0; i < 2'000; ++i)
        chain += "  s" + std::to_string(i) + ": {volumes_from: [s" + std::to_string(i + 1) + "], volumes: ['v:/" +
                 std::to_string(i) + "']}\n";
    const Compose compose = load_project({{"/p/compose.yaml", chain + "  s2000: {image: a}\n"}});
    EXPECT_EQ(compose.services.size(), 2'001U);
    EXPECT_THAT(compose.not_followed, testing::Contains(HasSubstr("so many services")));
}

// Compose specification, profiles: a service with profiles runs where one of them is active.
TEST(ComposeProject, KnowsWhichProfilesAreActive)
{
    const FilesByPath files{{"/p/compose.yaml", "services: {mail: {profiles: [a, b]}, web: {}}"}};
    EXPECT_FALSE(find_service(load_project(files), "mail")->enabled);
    EXPECT_TRUE(find_service(load_project(files), "web")->enabled);
    EXPECT_TRUE(find_service(load_project(files, "/p/compose.yaml", {{"COMPOSE_PROFILES", "c,b"}}), "mail")->enabled);
    EXPECT_TRUE(find_service(load_project(files, "/p/compose.yaml", {{"COMPOSE_PROFILES", "*"}}), "mail")->enabled);
}

// transform/envfile.go: a text, a list, or maps with path, required and format.
TEST(ComposeProject, ReadsEnvFilesOfAllForms)
{
    const Compose compose = load_project({{"/p/compose.yaml",
                                           "services: {mail: {env_file: [a.env, {path: b.env, required: false, "
                                           "format: raw}]}}"}});
    const auto& files = find_service(compose, "mail")->env_files;
    ASSERT_EQ(files.size(), 2U);
    EXPECT_TRUE(files[0].required && !files[0].raw);
    EXPECT_TRUE(!files[1].required && files[1].raw);
}

// template/template.go: a required variable without a value refuses the project.
TEST(ComposeProject, RefusesWhatComposeRefuses)
{
    for (const char* text : {"services: {mail: {image: '${TAG:?set it}'}}", "services: {mail: {image: '${TAG?}'}}",
                             "services: {mail: {image: '${'}}", "services: {mail: {image: a, image: b}}",
                             "services: {mail: {extends: {service: mail}}}", "- 1", "a: &a [*a]"})
        EXPECT_FALSE(load_project({{"/p/compose.yaml", text}}).problems.empty()) << text;
}

// What docker compose config --format json prints.
TEST(ComposeProject, TakesTheOutputOfComposeConfig)
{
    const Compose compose = parse_compose(
        "-",
        R"({"name": "mail", "services": {"mail": {"image": "mailserver/docker-mailserver:15.1.0", "environment":
           {"A": "$$1", "B": null}, "ports": [{"mode": "ingress", "target": 25, "published": "25", "protocol": "tcp"}],
           "volumes": [{"type": "bind", "source": "/srv/state", "target": "/var/mail-state", "bind": {}}]}}})",
        {});
    EXPECT_EQ(compose.project, "mail");
    EXPECT_EQ(variable(compose, "A"), "$1");
    EXPECT_THAT(targets(compose), ElementsAre("/srv/state:/var/mail-state"));
    EXPECT_EQ(find_service(compose, "mail")->ports[0].text, "25");
    EXPECT_THAT(compose.problems, IsEmpty());
}

// Numbers and booleans without quotes are as Go prints them (go.yaml.in/yaml, resolve.go).
TEST(ComposeProject, SpellsNumbersAsComposeDoes)
{
    const Compose compose =
        parse_compose("c",
                      "services: {mail: {environment: {A: 010, B: 1.0, C: 0x10, D: TRUE, E: '010', F: 1_000, G: 1.50, "
                      "H: 2024.06.1, I: 0o17, J: -5, K: +5, L: ., M: '', N: 08}}}",
                      {});
    const std::map<std::string, std::string> spelled{
        {"A", "8"},         {"B", "1"},  {"C", "16"}, {"D", "true"}, {"E", "010"}, {"F", "1000"}, {"G", "1.5"},
        {"H", "2024.06.1"}, {"I", "15"}, {"J", "-5"}, {"K", "5"},    {"L", "."},   {"M", ""}};
    for (const auto& [name, text] : spelled) EXPECT_EQ(variable(compose, name), text) << name;
}

// An anchor that stands for more than the file could: bounded, and said.
TEST(ComposeProject, IsNotBlownUpByAnchors)
{
    std::string text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        text += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int k = 0; k < 9; ++k) text += ", " + below;
        text += "]\n";
    }
    EXPECT_THAT(load_project({{"/p/compose.yaml", text}}).problems,
                ElementsAre(testing::Field(&Problem::data,
                                           testing::Contains(testing::Pair("problem", HasSubstr("too many nodes"))))));
}

TEST(ComposeProblem, HasItsValuesByName)
{
    const auto data = [](const char* text) { return load_project({{"/p/compose.yaml", text}}).problems.at(0).data; };
    EXPECT_EQ(data("services: {mail: {image: 'x:${TAG:?say which}'}}").at("variable"), "TAG");
    EXPECT_EQ(data("services: {mail: {image: 'x:${TAG:?say which}'}}").at("reason"), "say which");
    const auto missing = data("services: {mail: {extends: base}}");
    EXPECT_EQ(missing.at("service") + " " + missing.at("base"), "mail base");
    EXPECT_EQ(data("services: {mail: {extends: mail}}").at("service"), "mail");
}

// Two files of 20,000 services each took half a minute: each was looked for among all.
TEST(ComposeMerge, KeepsOrderAndLinesOfManyMembers)
{
    std::string base = "services:\n", over = "services:\n";
    for (int i = 0; i < 2'000; ++i) {
        base += "  s" + std::to_string(i) + ": {image: a}\n";
        over += "  s" + std::to_string(i + 1'000) + ": {image: b}\n";
    }
    const Compose both = load_project({{"/p/compose.yaml", base}, {"/p/compose.override.yaml", over}});
    ASSERT_EQ(both.services.size(), 3'000U);
    EXPECT_EQ(both.services[999].image + both.services[1'000].image + both.services[2'999].image, "abb");
    EXPECT_EQ(both.services[1'000].name, "s1000");
    EXPECT_EQ(both.services[1'000].where, "/p/compose.yaml:1002");
}

}  // namespace

}  // namespace mailstate
