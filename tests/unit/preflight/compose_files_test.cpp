// SPDX-License-Identifier: MIT
// Which files a compose project is made of. Each test names the place in compose-go that decides.
#include "unit/preflight/compose_world.hpp"

namespace mailstate {

namespace {

// cli/options.go, DefaultOverrideFileNames: four names, beside any of the four default names.
TEST(ComposeProject, ReadsAnOverrideByAllFourNames)
{
    for (const char* name : {"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
                             "docker-compose.override.yaml"}) {
        const FilesByPath files{{"/p/docker-compose.yml", "services: {mail: {environment: {A: 1}}}"},
                                {std::string("/p/") + name, "services: {mail: {environment: {A: 2}}}"}};
        EXPECT_EQ(variable(load_project(files, "/p/docker-compose.yml"), "A"), "2") << name;
    }
}

// cli/options.go, WithConfigFileEnv: -f, else COMPOSE_FILE, else the default names; another name has no override.
TEST(ComposeProject, TakesTheFilesOfComposeFile)
{
    const FilesByPath files{{"/p/.env", "COMPOSE_FILE=compose.yaml:more.yaml\n"},
                            {"/p/compose.yaml", "services: {mail: {environment: {A: 1}}}"},
                            {"/p/compose.override.yml", "services: {mail: {environment: {A: 2}}}"},
                            {"/p/more.yaml", "services: {mail: {environment: {A: 3}}}"}};
    EXPECT_EQ(variable(load_project(files), "A"), "3");
    EXPECT_EQ(variable(load_project({{"/p/mine.yaml", "services: {mail: {environment: {A: 1}}}"},
                                     {"/p/compose.override.yml", "services: {mail: {environment: {A: 2}}}"}},
                                    "/p/mine.yaml"),
                       "A"),
              "1");
}

// loader/loader.go, loadYamlFile: os.ReadFile of each.
TEST(ComposeProject, RefusesAFileOfTheProjectThatIsMissing)
{
    const char* const one = "services: {mail: {image: a}}";
    const Compose listed =
        load_project({{"/p/.env", "COMPOSE_FILE=compose.yaml:prod.yaml\n"}, {"/p/compose.yaml", one}});
    ASSERT_EQ(listed.problems.size(), 1U);
    EXPECT_EQ(listed.problems[0].finding.code, "compose.unreadable");
    EXPECT_EQ(listed.problems[0].finding.subject, "/p/prod.yaml");
    const Compose included =
        load_project({{"/p/compose.yaml", "include: [{path: [b.yaml, c.yaml]}]"}, {"/p/b.yaml", one}});
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
    EXPECT_EQ(variable(load_project(files), "A"), "dotenv");
    const Compose named = load_project(files, "/p/compose.yaml", {{"COMPOSE_ENV_FILES", "/a.env,/b.env"}});
    EXPECT_EQ(variable(named, "A"), "2c");
    EXPECT_EQ(variable(named, "B"), "");
    EXPECT_THAT(named.files, testing::IsSupersetOf({"/a.env", "/b.env"}));
    EXPECT_EQ(load_project(files, "/p/compose.yaml", {{"COMPOSE_ENV_FILES", "/none.env"}}).problems.size(), 1U);
    EXPECT_EQ(variable(load_project(files, "/p/compose.yaml", {{"COMPOSE_DISABLE_ENV_FILE", "true"}}), "A"), "");
}

// cli/options.go, WithDefaultConfigPath: a folder stands for what compose finds in it, and paths are relative to it.
TEST(ComposeProject, FindsTheFilesOfAFolder)
{
    const auto load_folder = [](const FilesByPath& files, const std::string& shown) {
        ComposeRequest request;
        request.file = "/p";
        request.shown = shown;
        request.is_directory = true;
        return try_project(files, request);
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
    const Compose compose = load_project(
        {{"/p/compose.yaml",
          "services:\n  mail:\n    extends: {file: b/base.yaml, service: base}\n    environment: {B: 2}\n"},
         {"/p/b/base.yaml",
          "services:\n  root: {environment: {A: 0, C: 5}}\n  base:\n    extends: root\n"
          "    environment: {A: 1, B: 1}\n    env_file: x.env\n    volumes: ['./s:/s']\n"}});
    EXPECT_EQ(variable(compose, "A") + variable(compose, "B") + variable(compose, "C"), "125");
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
        EXPECT_EQ(load_project({{"/p/compose.yaml", text}}).problems.size(), 1U) << text;
}

// loader/include.go: paths and .env of the included project; importResource: what the file itself has wins.
TEST(ComposeProject, FollowsInclude)
{
    const Compose compose = load_project(
        {{"/p/.env", "A=outer\n"},
         {"/p/compose.yaml",
          "include:\n  - sub/mail.yaml\n  - path: [other.yaml]\n    env_file: o.env\nservices:\n"
          "  mail: {environment: {C: own}}\n"},
         {"/p/sub/.env", "A=inner\nB=inner\n"},
         {"/p/sub/mail.yaml", "services: {mail: {environment: {A: $A, B: $B, C: theirs}, env_file: m.env}}"},
         {"/p/o.env", "D=4\n"},
         {"/p/other.yaml", "services: {web: {environment: {D: $D}}}"}});
    EXPECT_EQ(variable(compose, "A"), "outer");  // environment.Clone().Merge(envFromFile): what is there stays
    EXPECT_EQ(variable(compose, "B"), "inner");
    EXPECT_EQ(variable(compose, "C"), "own");
    EXPECT_EQ(variable(compose, "D", "web"), "4");
    EXPECT_EQ(find_service(compose, "mail")->env_files[0].directory, "/p/sub");
}

TEST(ComposeProject, SaysWhatItCannotFollow)
{
    const Compose remote = load_project({{"/p/compose.yaml", "include: ['https://example.org/x.git']\nservices: {}"}});
    EXPECT_THAT(remote.not_followed, ElementsAre(HasSubstr("https://example.org/x.git")));
    const Compose circle = load_project({{"/p/compose.yaml", "include: [b.yaml]\nservices: {}"},
                                         {"/p/b.yaml", "include: [compose.yaml]\nservices: {}"}});
    EXPECT_FALSE(circle.problems.empty());
}

}  // namespace

}  // namespace mailstate
