// SPDX-License-Identifier: MIT
#include "app/cli/parse_options.hpp"

#include <gmock/gmock.h>

#include "mailstate/base/error.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Parsed parse(const std::vector<std::string>& arguments, const Variables& environment = {})
{
    return parse_options(arguments, environment);
}

std::string problem_of(const Parsed& parsed)
{
    return parsed.problem ? describe(*parsed.problem) + " | " + parsed.problem->hint : "none";
}

TEST(CommandLine, NamesTheCommandAndKeepsTheDefaults)
{
    const Parsed parsed = parse({"apply"});
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_EQ(parsed.command->id, Command::apply);
    EXPECT_EQ(parsed.options.root, "/");
    EXPECT_EQ(parsed.options.lock_timeout, std::chrono::seconds(60));
    EXPECT_EQ(parsed.options.verification, Verification::metadata);
    EXPECT_EQ(parsed.options.ownership, OwnershipPass::full);
    EXPECT_TRUE(parsed.options.progress);
    EXPECT_FALSE(parsed.options.dry_run);
}

TEST(CommandLine, TakesEveryOptionOfApply)
{
    const Parsed parsed = parse({"apply",
                                 "--layout",
                                 "./my.json",
                                 "--state-dir=/srv//state/",
                                 "--root",
                                 "/mnt",
                                 "--only",
                                 "redis, postfix-spool",
                                 "--settings",
                                 "s.env",
                                 "--adopt-mounts",
                                 "--allow-unmounted",
                                 "--allow-memory",
                                 "--in-place",
                                 "--verify",
                                 "content",
                                 "--ownership=quick",
                                 "--lock-timeout",
                                 "5",
                                 "--jobs",
                                 "3",
                                 "--strict",
                                 "--output",
                                 "json",
                                 "--log-level",
                                 "debug",
                                 "--log-format",
                                 "json",
                                 "--no-progress",
                                 "--color",
                                 "never"});
    ASSERT_EQ(problem_of(parsed), "none");
    const Options& options = parsed.options;
    EXPECT_EQ(options.layout, "./my.json");
    EXPECT_EQ(options.state_dir, "/srv/state");
    EXPECT_EQ(options.root, "/mnt");
    EXPECT_THAT(options.plan.only, ElementsAre("redis", "postfix-spool"));
    EXPECT_EQ(options.settings_file, "s.env");
    EXPECT_TRUE(options.plan.adopt_mounts && options.plan.allow_unmounted && options.plan.allow_memory &&
                options.plan.in_place);
    EXPECT_EQ(options.verification, Verification::content);
    EXPECT_EQ(options.ownership, OwnershipPass::quick);
    EXPECT_EQ(options.lock_timeout, std::chrono::seconds(5));
    EXPECT_EQ(options.jobs, 3);
    EXPECT_TRUE(options.strict);
    EXPECT_EQ(options.output, Output::json);
    EXPECT_EQ(options.log_level, LogLevel::debug);
    EXPECT_EQ(options.log_format, LogFormat::json);
    EXPECT_FALSE(options.progress);
    EXPECT_EQ(options.color, Color::never);
}

TEST(CommandLine, TakesAReportByItsEndingOnly)
{
    EXPECT_EQ(parse({"rehearse", "--report", "/srv/a b.html"}).options.report, "/srv/a b.html");
    EXPECT_EQ(parse({"check", "--report=x.json"}).options.report, "x.json");
    for (const char* other : {"-", "x.txt", "html", "x.HTML"})
        EXPECT_THAT(problem_of(parse({"plan", "--report", other})), HasSubstr("is not a name in .json or .html"));
    EXPECT_THAT(problem_of(parse({"probe", "--report", "x.json"})), HasSubstr("is an option of plan, not of probe"));
}

TEST(CommandLine, TakesCommonOptionsOnEitherSideOfTheCommand)
{
    const Parsed parsed = parse({"--strict", "--jobs", "2", "plan", "--jobs", "4"});
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_TRUE(parsed.options.strict);
    EXPECT_EQ(parsed.options.jobs, 4) << "the command's side wins";
}

TEST(CommandLine, TakesTheLastOfTwoValues)
{
    const Parsed parsed = parse({"plan", "--output", "text", "--output", "json"});
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_EQ(parsed.options.output, Output::json);
}

TEST(CommandLine, TakesAValueBehindASwitch)
{
    EXPECT_FALSE(parse({"plan", "--strict=no"}).options.strict);
    EXPECT_TRUE(parse({"plan", "--strict=yes"}).options.strict);
    EXPECT_THAT(problem_of(parse({"plan", "--strict=perhaps"})), HasSubstr("--strict: 'perhaps' is not 1 or 0"));
}

TEST(CommandLine, SuggestsTheOptionThatWasMeant)
{
    EXPECT_THAT(
        problem_of(parse({"apply", "--dryrun"})),
        HasSubstr("--dryrun: unknown option for apply | Did you mean '--dry-run'? See: mailstate apply --help."));
    EXPECT_THAT(problem_of(parse({"plan", "--jbos=3"})), HasSubstr("Did you mean '--jobs'?"));
    EXPECT_THAT(problem_of(parse({"plan", "--completely-else"})),
                HasSubstr("--completely-else: unknown option for plan | See: mailstate plan --help."));
}

TEST(CommandLine, SaysWhoseOptionItIs)
{
    EXPECT_THAT(problem_of(parse({"verify", "--dry-run"})),
                HasSubstr("--dry-run: is an option of apply, not of verify"));
    EXPECT_THAT(problem_of(parse({"--dry-run", "apply"})),
                HasSubstr("--dry-run: must follow the command name | Write: mailstate apply --dry-run."));
}

TEST(CommandLine, SuggestsTheCommandThatWasMeant)
{
    EXPECT_THAT(problem_of(parse({"aply", "--dry-run"})), HasSubstr("aply: unknown command | Did you mean 'apply'?"));
    EXPECT_THAT(problem_of(parse({"xyzzy"})), HasSubstr("The commands are plan, apply, verify"));
}

TEST(CommandLine, NeedsACommand)
{
    EXPECT_THAT(problem_of(parse({})), HasSubstr("no command was given | Use one of plan, apply"));
    EXPECT_THAT(problem_of(parse({"--strict"})), HasSubstr("no command was given"));
}

TEST(CommandLine, NeedsTheValueOfAnOption)
{
    EXPECT_THAT(problem_of(parse({"plan", "--jobs"})), HasSubstr("--jobs: needs a value | Write: --jobs N."));
}

TEST(CommandLine, KeepsWhatWasReadBeforeTheProblem)
{
    EXPECT_EQ(parse({"plan", "--output", "json", "--jobs"}).options.output, Output::json);
    EXPECT_EQ(parse({"plan", "--bogus", "--output=json"}).options.output, Output::json);
}

TEST(CommandLine, RefusesValuesOutOfRange)
{
    for (const char* const jobs : {"0", "65", "-1", "many", "", "3x", "99999999999999999999"})
        EXPECT_THAT(problem_of(parse({"plan", std::string("--jobs=") + jobs})), HasSubstr("--jobs: ")) << jobs;
    for (const char* const sample : {"0", "-1", "many", ""})
        EXPECT_THAT(problem_of(parse({"rehearse", std::string("--sample=") + sample})), HasSubstr("--sample: "))
            << sample;
    EXPECT_THAT(problem_of(parse({"apply", "--lock-timeout", "1.5"})), HasSubstr("'1.5' is not a number of seconds"));
    EXPECT_THAT(problem_of(parse({"plan", "--output", "yaml"})),
                HasSubstr("'yaml' is not text, json, junit, sarif or github"));
    EXPECT_THAT(problem_of(parse({"plan", "--state-dir", "state"})), HasSubstr("'state' is not an absolute path"));
    EXPECT_THAT(problem_of(parse({"plan", "--state-dir", "/a/../b"})), HasSubstr("is not a path without '..'"));
    EXPECT_THAT(problem_of(parse({"plan", "--state-dir", "//"})), HasSubstr("is not a directory below /"));
    EXPECT_THAT(problem_of(parse({"plan", "--only", " , "})), HasSubstr("--only: the list is empty"));
}

TEST(CommandLine, ReadsWhatARehearsalIsToldBesideWhatApplyAndCheckAre)
{
    const Parsed parsed = parse({"rehearse", "--scratch", "/mnt/spare", "--sample", "10000", "--to", "v15.0.0",
                                 "--no-link", "--verify", "content", "--lock-timeout", "5"});
    EXPECT_FALSE(parsed.problem);
    EXPECT_EQ(parsed.options.scratch, "/mnt/spare");
    EXPECT_EQ(parsed.options.sample, 10'000U);
    EXPECT_EQ(parsed.options.to, "v15.0.0");
    EXPECT_TRUE(parsed.options.plan.no_link);
    EXPECT_FALSE(parse({"rehearse"}).options.sample);
    EXPECT_THAT(problem_of(parse({"apply", "--sample", "5"})), HasSubstr("is an option of rehearse, not of apply"));
}

TEST(CommandLine, KeepsBlanksInDirectories)
{
    EXPECT_EQ(parse({"plan", "--state-dir", "/srv/ my state "}).options.state_dir, "/srv/ my state ");
}

TEST(CommandLine, RefusesArgumentsThatNobodyTakes)
{
    EXPECT_THAT(problem_of(parse({"plan", "apply"})), HasSubstr("apply: plan takes no argument"));
    EXPECT_THAT(problem_of(parse({"plan", "--", "sh"})), HasSubstr("sh: plan takes no argument"));
}

TEST(CommandLine, GivesLayoutItsArguments)
{
    const Parsed parsed = parse({"layout", "show", "plan", "--output", "json"});
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_THAT(parsed.options.arguments, ElementsAre("show", "plan"));
    EXPECT_EQ(parsed.options.output, Output::json);
    EXPECT_THAT(parse({"layout", "validate", "[my].json"}).options.arguments, ElementsAre("validate", "[my].json"));
    EXPECT_THAT(parse({"layout", "validate", "--", "file"}).options.arguments, ElementsAre("validate", "file"));
}

TEST(CommandLine, LeavesWhatStandsBehindTheDashesToTheProgramThatApplyStarts)
{
    const Parsed parsed = parse({"apply", "--strict", "--", "sh", "-c", "--layout", "--", "--help"});
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_THAT(parsed.options.program, ElementsAre("sh", "-c", "--layout", "--", "--help"));
    EXPECT_THAT(parsed.options.arguments, IsEmpty());
    EXPECT_FALSE(parsed.help);
    EXPECT_THAT(problem_of(parse({"apply", "--"})), HasSubstr("is not followed by a command"));
    EXPECT_THAT(problem_of(parse({"apply", "sh"})), HasSubstr("takes no argument of this kind"));
    EXPECT_THAT(problem_of(parse({"apply", "--dry-run", "--", "sh"})), HasSubstr("--dry-run"));
}

TEST(CommandLine, RefusesADryRunOfASavedPlan)
{
    EXPECT_THAT(problem_of(parse({"apply", "--dry-run", "--plan", "p.json"})),
                HasSubstr("cannot be combined with --plan"));
}

TEST(CommandLine, HearsHelpAndVersionAnywhere)
{
    EXPECT_TRUE(parse({"--help"}).help);
    EXPECT_TRUE(parse({"plan", "-h", "--bogus"}).help);
    EXPECT_TRUE(parse({"--version"}).version);
    EXPECT_TRUE(parse({"seal", "-V"}).version);
    EXPECT_FALSE(parse({"plan"}).help);
}

TEST(EnvironmentOptions, StandBetweenTheDefaultsAndTheCommandLine)
{
    const Variables environment{{"MAILSTATE_JOBS", "5"}, {"MAILSTATE_OUTPUT", "json"}, {"MAILSTATE_STRICT", "1"}};
    const Parsed parsed = parse({"plan", "--output", "text"}, environment);
    ASSERT_EQ(problem_of(parsed), "none");
    EXPECT_EQ(parsed.options.jobs, 5);
    EXPECT_TRUE(parsed.options.strict);
    EXPECT_EQ(parsed.options.output, Output::text);
}

TEST(EnvironmentOptions, NameTheVariableOfABadValue)
{
    const Parsed parsed = parse({"apply"}, {{"MAILSTATE_LOCK_TIMEOUT", "soon"}});
    EXPECT_THAT(problem_of(parsed), HasSubstr("MAILSTATE_LOCK_TIMEOUT: 'soon' is not a number of seconds"));
    EXPECT_THAT(problem_of(parsed), HasSubstr("unset it"));
}

TEST(EnvironmentOptions, AreReadOnlyByTheirCommands)
{
    const Variables environment{{"MAILSTATE_DRY_RUN", "1"}, {"MAILSTATE_VERIFY", "nonsense"}};
    EXPECT_EQ(problem_of(parse({"verify"}, environment)), "none");
    EXPECT_THAT(problem_of(parse({"apply"}, environment)), HasSubstr("MAILSTATE_VERIFY"));
    EXPECT_TRUE(parse({"apply"}, {{"MAILSTATE_DRY_RUN", "yes"}}).options.dry_run);
}

TEST(EnvironmentOptions, TakeAnEmptyVariableForAnUnsetOne)
{
    const Parsed parsed = parse({"plan"}, {{"MAILSTATE_JOBS", ""}, {"LOG_LEVEL", ""}});
    EXPECT_EQ(problem_of(parsed), "none");
    EXPECT_EQ(parsed.options.jobs, 0);
    EXPECT_THAT(parsed.notices, IsEmpty());
}

TEST(EnvironmentOptions, HonourTheLogLevelOfDockerMailserver)
{
    EXPECT_EQ(parse({"plan"}, {{"LOG_LEVEL", "trace"}}).options.log_level, LogLevel::trace);
    EXPECT_EQ(parse({"plan"}, {{"LOG_LEVEL", "trace"}, {"MAILSTATE_LOG_LEVEL", "warn"}}).options.log_level,
              LogLevel::warn);
    EXPECT_EQ(parse({"plan", "--log-level", "error"}, {{"LOG_LEVEL", "trace"}}).options.log_level, LogLevel::error);
}

TEST(EnvironmentOptions, TakeTheLogLevelsOfMailu)
{
    for (const auto& [name, level] : {std::pair("WARNING", LogLevel::warn),
                                      {"CRITICAL", LogLevel::error},
                                      {"ERROR", LogLevel::error},
                                      {"INFO", LogLevel::info},
                                      {"DEBUG", LogLevel::debug}}) {
        const Parsed parsed = parse({"plan"}, {{"LOG_LEVEL", name}});
        EXPECT_EQ(parsed.options.log_level, level) << name;
        EXPECT_THAT(parsed.notices, IsEmpty());
    }
}

TEST(EnvironmentOptions, DoNotFailForALogLevelOfAnotherProgram)
{
    const Parsed parsed = parse({"plan"}, {{"LOG_LEVEL", "verbose\n"}});
    EXPECT_EQ(problem_of(parsed), "none");
    EXPECT_EQ(parsed.options.log_level, LogLevel::info);
    EXPECT_THAT(parsed.notices, ElementsAre(HasSubstr("LOG_LEVEL: 'verbose\\x0a' is not")));
}

TEST(EnvironmentOptions, NoticeASlipOfThePen)
{
    const Parsed parsed = parse({"plan"}, {{"MAILSTATE_ADOPT_MOUNT", "1"}, {"MAILSTATE_RELEASE_NOTES_URL", "x"}});
    EXPECT_EQ(problem_of(parsed), "none");
    EXPECT_THAT(parsed.notices, ElementsAre(HasSubstr("MAILSTATE_ADOPT_MOUNTS is")));
}

}  // namespace
}  // namespace mailstate
