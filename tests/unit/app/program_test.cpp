// SPDX-License-Identifier: MIT
#include "app/program.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include <array>

#include "app/files/files.hpp"
#include "app/output/json.hpp"
#include "posix/fd.hpp"
#include "unit/app/scratch_directory.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

struct Ended {
    int exit_code = 0;
    std::string output;
};

// Runs the program inside this one, with its stdout in a file.
Ended run(std::vector<std::string> arguments, const Variables& environment = {})
{
    const ScratchDirectory scratch;
    const std::string file = scratch.path("output");
    const Fd output(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const Stop stop;
    const int exit_code = run_program(arguments, environment, stop, output.get()).exit_code;
    return {exit_code, read_input_file(file, Stop{}).value_or("unreadable")};
}

TEST(Program, ShowsItsVersion)
{
    EXPECT_EQ(run({"--version"}).exit_code, 0);
    EXPECT_THAT(run({"--version"}).output, testing::MatchesRegex("mailstate [0-9]+\\.[0-9]+\\.[0-9]+\n"));
    EXPECT_EQ(Json::parse(run({"--version", "--output", "json"}).output).at("command"), "version");
}

TEST(Program, ShowsHelp)
{
    EXPECT_THAT(run({"--help"}).output, HasSubstr("Usage: mailstate COMMAND"));
    EXPECT_THAT(run({"apply", "--help"}).output, HasSubstr("Usage: mailstate apply"));
}

TEST(Program, TakesHelpAndVersionForCommandsToo)
{
    EXPECT_EQ(run({"help"}).output, run({"--help"}).output);
    for (const char* const command : {"apply", "history", "help"})
        EXPECT_EQ(run({"help", command}).output, run({command, "--help"}).output);
    EXPECT_EQ(run({"version"}).output, run({"--version"}).output);
    EXPECT_EQ(Json::parse(run({"version", "--output", "json"}).output).at("command"), "version");
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"help", "aply"}, {"help", "apply", "plan"}, {"version", "x"}})
        EXPECT_EQ(run(arguments).exit_code, 64) << arguments.back();
}

// A wrapper gives them to every command.
TEST(Program, TakesOptionsOfThePlaceWhereTheyChangeNothing)
{
    EXPECT_EQ(run({"--root", "/", "--state-dir", "/srv", "version", "--jobs", "2"}).exit_code, 0);
}

TEST(Program, EndsWith64ForAWrongCommandLine)
{
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{}, {"aply"}, {"plan", "--bogus"}, {"plan", "x"}, {"plan", "--jobs"}, {"layout"}}) {
        const Ended ended = run(arguments);
        EXPECT_EQ(ended.exit_code, 64);
        EXPECT_EQ(ended.output, "");
    }
    EXPECT_EQ(run({"plan"}, {{"MAILSTATE_JOBS", "x"}}).exit_code, 64);
}

TEST(Program, AnswersWithOneObjectEvenForAWrongCommandLine)
{
    const Json json = Json::parse(run({"plan", "--output", "json", "--bogus"}).output);
    EXPECT_EQ(json.at("schema"), 1);
    EXPECT_EQ(json.at("command"), "plan");
    EXPECT_EQ(json.at("exit_code"), 64);
    EXPECT_EQ(json.at("findings").at(0).at("code"), "run.usage");
    EXPECT_EQ(json.at("findings").at(0).at("subject"), "--bogus");
    EXPECT_EQ(json.at("findings").at(0).at("message"), "unknown option for plan");
    EXPECT_EQ(Json::parse(run({"xyzzy"}, {{"MAILSTATE_OUTPUT", "json"}}).output).at("exit_code"), 64);
}

TEST(Program, EndsWith65ForABadFile)
{
    const ScratchDirectory scratch;
    ASSERT_TRUE(write_output_file(scratch.path("bad.json"), "{\"name\":").has_value());
    EXPECT_EQ(run({"plan", "--root", scratch.path(), "--layout", "unheard-of"}).exit_code, 65);
    EXPECT_EQ(run({"plan", "--root", scratch.path(), "--layout", scratch.path("bad.json")}).exit_code, 65);
    EXPECT_EQ(run({"plan", "--root", scratch.path(), "--settings", scratch.path("absent")}).exit_code, 65);
    EXPECT_EQ(run({"apply", "--root", scratch.path(), "--plan", scratch.path("bad.json")}).exit_code, 65);
    EXPECT_EQ(run({"layout", "validate", scratch.path("bad.json")}).exit_code, 65);
    EXPECT_EQ(run({"layout", "show", "unheard-of"}).exit_code, 65);
}

TEST(Program, EndsWith4WhereTheRootIsNotThere)
{
    const ScratchDirectory scratch;
    const Ended ended = run({"apply", "--root", scratch.path("absent"), "--output", "json"});
    EXPECT_EQ(ended.exit_code, 4);
    EXPECT_EQ(Json::parse(ended.output).at("findings").at(0).at("code"), "root.unusable");
}

TEST(Program, RefusesAnUnknownEntry)
{
    const ScratchDirectory scratch;
    EXPECT_EQ(run({"plan", "--root", scratch.path(), "--only", "rediss"}).exit_code, 64);
}

TEST(Program, ListsAndShowsLayouts)
{
    EXPECT_THAT(run({"layout", "list"}).output, HasSubstr("docker-mailserver, version "));
    const Ended shown = run({"layout", "show", "docker-mailserver"});
    EXPECT_EQ(Json::parse(shown.output).at("name"), "docker-mailserver");
    const Json json = Json::parse(run({"layout", "show", "docker-mailserver", "--output", "json"}).output);
    EXPECT_EQ(json.at("content").at("state_dir"), "/var/mail-state");
    const ScratchDirectory scratch;
    ASSERT_TRUE(write_output_file(scratch.path("mine.json"), shown.output).has_value());
    EXPECT_THAT(run({"layout", "validate", scratch.path("mine.json")}).output, HasSubstr("is valid"));
}

TEST(Program, EndsWith4WhereTheOutputOfALookCannotBeWritten)
{
    const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    if (!full) GTEST_SKIP() << "there is no /dev/full here";
    const Stop stop;
    EXPECT_EQ(run_program({"layout", "list"}, {}, stop, full.get()).exit_code, 4);
}

}  // namespace
}  // namespace mailstate
