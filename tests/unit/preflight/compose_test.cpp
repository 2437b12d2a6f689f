// SPDX-License-Identifier: MIT
// A compose project as compose reads it. Each test names the place that decides: compose-go (github.com/compose-spec/
// compose-go) or the Compose specification.
#include <gmock/gmock.h>

#include <map>

#include "preflight/compose_project.hpp"

namespace mailstate {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using FilesByPath = std::map<std::string, std::string>;

Compose load(const FilesByPath& files, const std::string& named = "/p/compose.yaml", const Variables& environment = {})
{
    ComposeRequest request;
    request.file = request.shown = named;
    request.environment = &environment;
    request.read = [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return fail(text_error(path, "is not there"));
        return found->second;
    };
    return load_compose(request).value();
}

std::string value(const Compose& compose, const std::string& name, const std::string& service = "mail")
{
    const ComposeService* const found = find_service(compose, service);
    if (found == nullptr || !found->environment.contains(name)) return "(none)";
    return found->environment.at(name).value;
}

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
    const Compose compose = load({{"/p/compose.yaml", "services: {mail: {environment: {A: 1, B: 2}}}"},
                                  {"/p/compose.override.yml", "services: {mail: {environment: [B=3, C=4]}}"}});
    EXPECT_EQ(value(compose, "A") + value(compose, "B") + value(compose, "C"), "134");
    EXPECT_THAT(compose.override_file, HasSubstr("compose.override.yml"));
}

// override/uncity.go, services.*.volumes: volumeIndexer, by the target.
TEST(ComposeProject, KeepsTheLastVolumeOfATarget)
{
    const Compose compose = load({{"/p/compose.yaml", "services: {mail: {volumes: ['aa:/x', 'bb:/y']}}"},
                                  {"/p/compose.override.yml", "services: {mail: {volumes: ['cc:/x', 'dd:/z']}}"}});
    EXPECT_THAT(targets(compose), ElementsAre("cc:/x", "bb:/y", "dd:/z"));
}

TEST(ComposeProject, KeepsAnImageAsItWasWritten)
{
    const FilesByPath base{{"/p/compose.yaml", "services: {mail: {image: 'x:${TAG:-1}'}}"}};
    EXPECT_EQ(find_service(load(base), "mail")->written_image, "x:${TAG:-1}");
    FilesByPath both = base;
    both["/p/compose.override.yml"] = "services: {mail: {image: 'y:2'}}";
    EXPECT_EQ(find_service(load(both), "mail")->written_image, "y:2");
}

// format/volume.go, isWindowsDrive: a lone letter is a drive, whose path has a colon of its own.
TEST(ComposeProject, TakesALoneLetterForADrive)
{
    const Compose compose = load(
        {{"/p/compose.yaml", "services: {mail: {volumes: ['C:/state:/var/mail-state', 'vol:/x:ro', '/anonymous']}}"}});
    EXPECT_THAT(targets(compose), ElementsAre("C:/state:/var/mail-state", "vol:/x", ":/anonymous"));
}

// A service that a second file adds to is still where the first has it.
TEST(ComposeProject, KeepsTheLineOfAServiceThatIsAddedTo)
{
    const Compose compose =
        load({{"/p/compose.yaml", "services:\n\n\n  mail: {image: x}\n"},
              {"/p/compose.override.yml", "services:\n  mail:\n    image: y\n    environment: {A: 1}\n"}});
    EXPECT_EQ(find_service(compose, "mail")->where, "/p/compose.yaml:4");
    EXPECT_EQ(find_service(compose, "mail")->image_where, "/p/compose.override.yml:3");
    EXPECT_EQ(find_service(compose, "mail")->environment.at("A").where, "/p/compose.override.yml:4");
}

// cli/options.go, DefaultOverrideFileNames: four names, beside any of the four default names.
TEST(ComposeProject, ReadsAnOverrideByAllFourNames)
{
    for (const char* name : {"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
                             "docker-compose.override.yaml"}) {
        const FilesByPath files{{"/p/docker-compose.yml", "services: {mail: {environment: {A: 1}}}"},
                                {std::string("/p/") + name, "services: {mail: {environment: {A: 2}}}"}};
        EXPECT_EQ(value(load(files, "/p/docker-compose.yml"), "A"), "2") << name;
    }
}

// cli/options.go, WithConfigFileEnv: -f, else COMPOSE_FILE, else the default names; another name has no override.
TEST(ComposeProject, TakesTheFilesOfComposeFile)
{
    const FilesByPath files{{"/p/.env", "COMPOSE_FILE=compose.yaml:more.yaml\n"},
                            {"/p/compose.yaml", "services: {mail: {environment: {A: 1}}}"},
                            {"/p/compose.override.yml", "services: {mail: {environment: {A: 2}}}"},
                            {"/p/more.yaml", "services: {mail: {environment: {A: 3}}}"}};
    EXPECT_EQ(value(load(files), "A"), "3");
    EXPECT_EQ(value(load({{"/p/mine.yaml", "services: {mail: {environment: {A: 1}}}"},
                          {"/p/compose.override.yml", "services: {mail: {environment: {A: 2}}}"}},
                         "/p/mine.yaml"),
                    "A"),
              "1");
}

// loader/loader.go, loadYamlFile: os.ReadFile of each.
TEST(ComposeProject, RefusesAFileOfTheProjectThatIsMissing)
{
    const char* const one = "services: {mail: {image: a}}";
    const Compose listed = load({{"/p/.env", "COMPOSE_FILE=compose.yaml:prod.yaml\n"}, {"/p/compose.yaml", one}});
    ASSERT_EQ(listed.problems.size(), 1U);
    EXPECT_EQ(listed.problems[0].finding.code, "compose.unreadable");
    EXPECT_EQ(listed.problems[0].finding.subject, "/p/prod.yaml");
    const Compose included = load({{"/p/compose.yaml", "include: [{path: [b.yaml, c.yaml]}]"}, {"/p/b.yaml", one}});
    ASSERT_EQ(included.problems.size(), 1U);
    EXPECT_EQ(included.problems[0].finding.subject, "/p/c.yaml");
}

// docker/compose, cmd/compose/compose.go: ComposeEnvFiles; dotenv/env.go: a later file wins, and knows the earlier one.
TEST(ComposeProject, ReadsTheEnvFilesOfTheEnvironment)
{
    const FilesByPath files{{"/p/.env", "A=dotenv\nB=dotenv\n"},
                            {"/a.env", "A=1\nC=c\n"},
                            {"/b.env", "A=2$C\n"},
                            {"/p/compose.yaml", "services: {mail: {environment: [A, B]}}"}};
    EXPECT_EQ(value(load(files), "A"), "dotenv");
    const Compose named = load(files, "/p/compose.yaml", {{"COMPOSE_ENV_FILES", "/a.env,/b.env"}});
    EXPECT_EQ(value(named, "A"), "2c");
    EXPECT_EQ(value(named, "B"), "");
    EXPECT_THAT(named.files, testing::IsSupersetOf({"/a.env", "/b.env"}));
    EXPECT_EQ(load(files, "/p/compose.yaml", {{"COMPOSE_ENV_FILES", "/none.env"}}).problems.size(), 1U);
    EXPECT_EQ(value(load(files, "/p/compose.yaml", {{"COMPOSE_DISABLE_ENV_FILE", "true"}}), "A"), "");
}

// cli/options.go, WithDefaultConfigPath: a folder stands for what compose finds in it, and paths are relative to it.
TEST(ComposeProject, FindsTheFilesOfAFolder)
{
    const Variables environment;
    const auto load_folder = [&](const FilesByPath& files, const std::string& shown) {
        ComposeRequest request;
        request.file = "/p";
        request.shown = shown;
        request.is_directory = true;
        request.environment = &environment;
        request.read = [&](const std::string& path) -> Result<std::string> {
            const auto found = files.find(path);
            if (found == files.end()) return fail(text_error(path, "is not there"));
            return found->second;
        };
        return load_compose(request);
    };
    const FilesByPath one{{"/p/docker-compose.yml", "services: {mail: {image: a}}"}, {"/p/.env", "A=1\n"}};
    for (const auto& [shown, file] : {std::pair("d/p", "d/p/docker-compose.yml"), std::pair(".", "docker-compose.yml"),
                                      std::pair("./", "docker-compose.yml"), std::pair("p/", "p/docker-compose.yml")}) {
        const Compose compose = load_folder(one, shown).value();
        EXPECT_EQ(compose.file, file);
        EXPECT_EQ(compose.path, "/p/docker-compose.yml");
        EXPECT_EQ(compose.directory, "/p");
        EXPECT_EQ(find_service(compose, "mail")->where, std::string(file) + ":1");
    }
    const Result<Compose> listed =
        load_folder({{"/p/.env", "COMPOSE_FILE=mine.yaml\n"}, {"/p/mine.yaml", "services: {mail: {image: b}}"}}, "d");
    EXPECT_EQ(find_service(listed.value(), "mail")->where, "d/mine.yaml:1");
    const Result<Compose> empty = load_folder({{"/p/readme", ""}}, "d");
    ASSERT_FALSE(empty);
    EXPECT_THAT(describe(empty.error()), HasSubstr("d: the folder has no compose file"));
    EXPECT_THAT(empty.error().hint, HasSubstr("--manifest"));
}

// loader/extends.go: the base first, of this file or another, whose paths are relative to that file.
TEST(ComposeProject, FollowsExtends)
{
    const Compose compose =
        load({{"/p/compose.yaml",
               "services:\n  mail:\n    extends: {file: b/base.yaml, service: base}\n    environment: {B: 2}\n"},
              {"/p/b/base.yaml",
               "services:\n  root: {environment: {A: 0, C: 5}}\n  base:\n    extends: root\n"
               "    environment: {A: 1, B: 1}\n    env_file: x.env\n    volumes: ['./s:/s']\n"}});
    EXPECT_EQ(value(compose, "A") + value(compose, "B") + value(compose, "C"), "125");
    const ComposeService& mail = *find_service(compose, "mail");
    ASSERT_EQ(mail.env_files.size(), 1U);
    EXPECT_EQ(mail.env_files[0].directory, "/p/b");
    EXPECT_EQ(mail.mounts[0].directory, "/p/b");
    EXPECT_EQ(mail.environment.at("A").where, "/p/b/base.yaml:5");
    EXPECT_THAT(compose.problems, IsEmpty());
}

TEST(ComposeProject, SaysWhatExtendsNothing)
{
    for (const char* text : {"services: {mail: {extends: mail}}", "services: {mail: {extends: none}}",
                             "services: {mail: {extends: {file: none.yaml, service: x}}}"})
        EXPECT_EQ(load({{"/p/compose.yaml", text}}).problems.size(), 1U) << text;
}

// yaml-cpp reads these without an end.
TEST(ComposeProject, RefusesWhatIsNoYaml)
{
    for (const char* text : {",", ", x", "a: 1\n---\n, : 1\na: 2\n", "--- # a\n}\n"}) {
        const Compose compose = load({{"/p/compose.yaml", text}});
        ASSERT_FALSE(compose.problems.empty()) << text;
        EXPECT_THAT(compose.problems[0].finding.message, HasSubstr("this is no compose file")) << text;
    }
    EXPECT_THAT(load({{"/p/compose.yaml", "---\n---\nservices: {mail: {image: a}}\n---\n...\n"}}).problems, IsEmpty());
}

// A short file must not take all memory, nor the stack.
TEST(ComposeProject, RefusesToGrowWithoutEnd)
{
    std::string repeated = "x-a: &a \"" + std::string(100'000, 'a') + "\"\nx-b: &b [";
    for (int i = 0; i < 100; ++i) repeated += "*a, ";
    repeated += "]\nx-c: [";
    for (int i = 0; i < 100; ++i) repeated += "*b, ";
    const Compose aliases = load({{"/p/compose.yaml", repeated + "]\nservices: {}\n"}});
    EXPECT_THAT(aliases.problems.at(0).finding.message, HasSubstr("anchors repeat too much text"));

    std::string chain = "services:\n";
    for (int i = 0; i < 20'000; ++i)
        chain += "  s" + std::to_string(i) + ": {extends: s" + std::to_string(i + 1) + "}\n";
    const Compose deep = load({{"/p/compose.yaml", chain + "  s20000: {image: a}\n"}});
    ASSERT_EQ(deep.problems.size(), 1U);
    EXPECT_THAT(deep.problems.at(0).finding.message, HasSubstr("more than 50 services extend one another"));
}

// loader/include.go: paths and .env of the included project; importResource: what the file itself has wins.
TEST(ComposeProject, FollowsInclude)
{
    const Compose compose =
        load({{"/p/.env", "A=outer\n"},
              {"/p/compose.yaml",
               "include:\n  - sub/mail.yaml\n  - path: [other.yaml]\n    env_file: o.env\nservices:\n"
               "  mail: {environment: {C: own}}\n"},
              {"/p/sub/.env", "A=inner\nB=inner\n"},
              {"/p/sub/mail.yaml", "services: {mail: {environment: {A: $A, B: $B, C: theirs}, env_file: m.env}}"},
              {"/p/o.env", "D=4\n"},
              {"/p/other.yaml", "services: {web: {environment: {D: $D}}}"}});
    EXPECT_EQ(value(compose, "A"), "outer");  // environment.Clone().Merge(envFromFile): what is there stays
    EXPECT_EQ(value(compose, "B"), "inner");
    EXPECT_EQ(value(compose, "C"), "own");
    EXPECT_EQ(value(compose, "D", "web"), "4");
    EXPECT_EQ(find_service(compose, "mail")->env_files[0].directory, "/p/sub");
}

TEST(ComposeProject, SaysWhatItCannotFollow)
{
    const Compose remote = load({{"/p/compose.yaml", "include: ['https://example.org/x.git']\nservices: {}"}});
    EXPECT_THAT(remote.not_followed, ElementsAre(HasSubstr("https://example.org/x.git")));
    const Compose circle = load({{"/p/compose.yaml", "include: [b.yaml]\nservices: {}"},
                                 {"/p/b.yaml", "include: [compose.yaml]\nservices: {}"}});
    EXPECT_FALSE(circle.problems.empty());
}

// yaml.org/type/merge.html: of several maps the first wins, and a key of one's own before all.
TEST(ComposeProject, MergesKeysThroughSeveralLevels)
{
    const Compose compose = load({{"/p/compose.yaml",
                                   "x-a: &a {environment: {A: 1}, image: a}\nx-b: &b {image: b}\n"
                                   "x-c: &c {<<: [*b, *a], cap_add: [X]}\nservices:\n  mail:\n"
                                   "    <<: *c\n    privileged: true\n"}});
    EXPECT_EQ(value(compose, "A"), "1");
    EXPECT_EQ(find_service(compose, "mail")->image, "b");
    EXPECT_EQ(find_service(compose, "mail")->cap_add[0].where, "/p/compose.yaml:3");
}

// loader/reset.go: !reset takes away what the files before have, !override takes its place.
TEST(ComposeProject, ObeysResetAndOverride)
{
    const Compose compose =
        load({{"/p/compose.yaml", "services: {mail: {environment: {A: 1}, volumes: ['aa:/x'], ports: ['25:25']}}"},
              {"/p/compose.override.yml",
               "services:\n  mail:\n    environment: !reset null\n    volumes: !override "
               "['bb:/y']\n    ports: !reset []\n"}});
    EXPECT_EQ(value(compose, "A"), "(none)");
    EXPECT_THAT(targets(compose), ElementsAre("bb:/y"));
    EXPECT_TRUE(find_service(compose, "mail")->ports.empty());
}

// loader/merge_reset_test.go, Test_LoadWithReset: one variable alone. Of a list, or where an earlier file was laid
// over, there is no path to it, and it stays.
TEST(ComposeProject, ObeysResetAndOverrideOfALeaf)
{
    const auto laid_over = [](const std::string& base, const std::string& over) {
        return load({{"/p/compose.yaml", "services: {mail: " + base + "}"},
                     {"/p/compose.override.yml", "services: {mail: " + over + "}"}});
    };
    for (const char* tag : {"!reset ", "!reset null", "!reset x"}) {
        const Compose compose =
            laid_over("{environment: {A: 1, B: 2}}", "{environment: {A: " + std::string(tag) + "}}");
        EXPECT_EQ(value(compose, "A") + value(compose, "B"), "(none)2") << tag;
        EXPECT_EQ(value(laid_over("{environment: [A=1]}", "{environment: {A: " + std::string(tag) + "}}"), "A"), "1");
    }
    EXPECT_EQ(value(laid_over("{environment: {A: 1}}", "{environment: {A: !override 3}}"), "A"), "3");
    EXPECT_EQ(find_service(laid_over("{image: a}", "{image: !reset null}"), "mail")->image, "");
    EXPECT_THAT(find_service(laid_over("{ports: ['1:1']}", "{ports: [!reset '1:1', '2:2']}"), "mail")->ports,
                ElementsAre(testing::Field(&ComposeItem::text, "1:1"), testing::Field(&ComposeItem::text, "2:2")));
}

// extends.go, include.go: post.Apply, to the base and to what is included.
TEST(ComposeProject, ObeysResetOfWhatIsExtendedOrIncluded)
{
    const char* const own = "{environment: {A: !reset , B: 3}}";
    const Compose extends = load({{"/p/compose.yaml",
                                   "services:\n  base: {environment: {A: 1, B: 2}}\n"
                                   "  mail: {extends: base, environment: {A: !reset , B: 3}}\n"}});
    EXPECT_EQ(value(extends, "A") + value(extends, "B"), "(none)3");
    EXPECT_EQ(value(extends, "A", "base"), "1");
    const Compose includes = load({{"/p/compose.yaml", "include: [b.yaml]\nservices: {mail: " + std::string(own) + "}"},
                                   {"/p/b.yaml", "services: {mail: {environment: {A: 1, B: 2}}}"}});
    EXPECT_EQ(value(includes, "A") + value(includes, "B"), "(none)3");
}

// types/project.go, WithServicesEnvironmentResolved: a name without a value is the project's, else it is not set.
TEST(ComposeProject, TakesValuesFromTheProjectsVariables)
{
    const Compose compose = load({{"/p/.env", "A=1\n"}, {"/p/compose.yaml", "services: {mail: {environment: [A, B]}}"}},
                                 "/p/compose.yaml", {{"C", "x"}});
    EXPECT_EQ(value(compose, "A"), "1");
    EXPECT_TRUE(find_service(compose, "mail")->environment.at("B").has_no_value);
}

// Compose specification, volumes_from; moby, daemon/volumes.go: registerMountPoints.
TEST(ComposeProject, FollowsVolumesFrom)
{
    const Compose compose = load({{"/p/compose.yaml",
                                   "services:\n  mail:\n    volumes_from: [data:ro]\n    volumes: ['own:/x']\n"
                                   "  data:\n    volumes: ['aa:/x', 'bb:/y']\n    tmpfs: /t\n    volumes_from: [root]\n"
                                   "  root: {volumes: ['cc:/z', 'dd:/y']}\n"}});
    EXPECT_THAT(targets(compose), ElementsAre("cc:/z", "bb:/y", "own:/x"));
    const ComposeService& mail = *find_service(compose, "mail");
    EXPECT_TRUE(mail.mounts[1].read_only && !mail.mounts[2].read_only);
    EXPECT_EQ(mail.mounts[1].where, "/p/compose.yaml:6");
    const Compose elsewhere = load({{"/p/compose.yaml", "services: {mail: {volumes_from: ['container:old:ro']}}"}});
    EXPECT_THAT(elsewhere.not_followed, ElementsAre(HasSubstr("the volumes of the container old")));
    for (const char* text : {"services: {mail: {volumes_from: [gone]}}", "services: {mail: {volumes_from: [mail]}}"})
        EXPECT_LE(load({{"/p/compose.yaml", text}}).problems.size(), 1U) << text;
}

TEST(ComposeProject, FollowsVolumesFromToAnEnd)
{
    std::string chain = "services:\n";
    for (int i = 0; i < 2'000; ++i)
        chain += "  s" + std::to_string(i) + ": {volumes_from: [s" + std::to_string(i + 1) + "], volumes: ['v:/" +
                 std::to_string(i) + "']}\n";
    const Compose compose = load({{"/p/compose.yaml", chain + "  s2000: {image: a}\n"}});
    EXPECT_EQ(compose.services.size(), 2'001U);
    EXPECT_THAT(compose.not_followed, testing::Contains(HasSubstr("so many services")));
}

// Compose specification, profiles: a service with profiles runs where one of them is active.
TEST(ComposeProject, KnowsWhichProfilesAreActive)
{
    const FilesByPath files{{"/p/compose.yaml", "services: {mail: {profiles: [a, b]}, web: {}}"}};
    EXPECT_FALSE(find_service(load(files), "mail")->enabled);
    EXPECT_TRUE(find_service(load(files), "web")->enabled);
    EXPECT_TRUE(find_service(load(files, "/p/compose.yaml", {{"COMPOSE_PROFILES", "c,b"}}), "mail")->enabled);
    EXPECT_TRUE(find_service(load(files, "/p/compose.yaml", {{"COMPOSE_PROFILES", "*"}}), "mail")->enabled);
}

// transform/envfile.go: a text, a list, or maps with path, required and format.
TEST(ComposeProject, ReadsEnvFilesOfAllForms)
{
    const Compose compose = load({{"/p/compose.yaml",
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
        EXPECT_FALSE(load({{"/p/compose.yaml", text}}).problems.empty()) << text;
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
    EXPECT_EQ(value(compose, "A"), "$1");
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
    for (const auto& [name, text] : spelled) EXPECT_EQ(value(compose, name), text) << name;
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
    EXPECT_THAT(load({{"/p/compose.yaml", text}}).problems,
                ElementsAre(testing::Field(&Problem::data,
                                           testing::Contains(testing::Pair("problem", HasSubstr("too many nodes"))))));
}

TEST(ComposeProblem, HasItsValuesByName)
{
    const auto data = [](const char* text) { return load({{"/p/compose.yaml", text}}).problems.at(0).data; };
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
    const Compose both = load({{"/p/compose.yaml", base}, {"/p/compose.override.yaml", over}});
    ASSERT_EQ(both.services.size(), 3'000U);
    EXPECT_EQ(both.services[999].image + both.services[1'000].image + both.services[2'999].image, "abb");
    EXPECT_EQ(both.services[1'000].name, "s1000");
    EXPECT_EQ(both.services[1'000].where, "/p/compose.yaml:1002");
}

// dotenv/parser.go and its tests.
TEST(Dotenv, ReadsAsComposeDoes)
{
    const Variables outer{{"OUTER", "o"}};
    const EnvFile file =
        parse_dotenv("f",
                     "\xef\xbb\xbf# c\nA=1\r\nB=\"x ${A} \\\"q\\\" \\$A\" # why\nC='${A}'\nD=a#b # c\n"
                     "export E=${A}${OUTER}\nF: yaml\nOUTER\nNONE\nG=\"two\nlines\"\nH=${NONE:-${A}}\nI=\n"
                     "J=$$A\nK.L-M=dots\n",
                     lookup_in(outer));
    const std::map<std::string, std::string> values{
        {"A", "1"},     {"B", "x 1 \"q\" $A"}, {"C", "${A}"}, {"D", "a#b"}, {"E", "1o"}, {"F", "yaml"},
        {"OUTER", "o"}, {"G", "two\nlines"},   {"H", "1"},    {"I", ""},    {"J", "$A"}, {"K.L-M", "dots"}};
    for (const auto& [name, text] : values) {
        ASSERT_TRUE(file.settings.contains(name)) << name;
        EXPECT_EQ(file.settings.at(name).value, text) << name;
    }
    EXPECT_FALSE(file.settings.contains("NONE"));
    EXPECT_EQ(file.settings.at("H").where, "f:12");
    EXPECT_THAT(file.problems, IsEmpty());
}

TEST(Dotenv, SaysWhatComposeRefusesAndGoesOn)
{
    const EnvFile file = parse_dotenv("f", "a b=1\nA=1\n%x=2\nB=\"open\nC=${\nD=${N:?needed}\n", lookup_in({}));
    std::vector<std::string> places;
    for (const Problem& problem : file.problems) places.push_back(problem.finding.subject);
    EXPECT_THAT(places, ElementsAre("f:1", "f:3", "f:4", "f:5", "f:6"));
    EXPECT_EQ(file.settings.at("A").value, "1");
}

}  // namespace

}  // namespace mailstate
