// SPDX-License-Identifier: MIT
#include "app/answers/explain.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "app/answers/code_facts.hpp"
#include "app/cli/options.hpp"
#include "app/log/terminal.hpp"

namespace mailstate {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Asked {
    Options options;

    [[nodiscard]] Answer by(Answer (*command)(const Call& call)) const
    {
        const Variables environment;
        const Stop stop;
        Terminal terminal(-1);
        return command(Call{options, environment, stop, terminal});
    }
    [[nodiscard]] Answer answer() const { return by(run_explain); }
    [[nodiscard]] Json json()
    {
        options.output = Output::json;
        return Json::parse(answer().output);
    }
};

Asked asked(std::vector<std::string> codes)
{
    Asked asked;
    asked.options.arguments = std::move(codes);
    return asked;
}

std::vector<std::string> codes_for(std::string_view symptom)
{
    std::vector<std::string> codes;
    for (const CodeFacts& facts : facts_for(symptom)) codes.push_back(facts.code);
    return codes;
}

TEST(Explain, TellsAllThatIsKnownOfAFinding)
{
    const Answer answer = asked({"process.capability"}).answer();
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_THAT(answer.output, testing::StartsWith("process.capability (warning)\n  meaning   The process lacks"));
    EXPECT_THAT(answer.output, HasSubstr("\n  cause     cap_drop: ALL"));
    EXPECT_THAT(answer.output, HasSubstr("\n  remedy    Add … to the container's capabilities"));
    EXPECT_THAT(answer.output, HasSubstr("\n  seen as   Operation not permitted\n"));
    EXPECT_THAT(answer.output, HasSubstr("\n  see       capabilities(7)\n"));
}

TEST(Explain, TellsTheReleasesOfARule)
{
    EXPECT_THAT(asked({"dms.solr"}).answer().output,
                testing::MatchesRegex("dms.solr \\([a-z]+, .* and later.*\\)\n.*"));
    const Json rule = asked({"dms.solr"}).json().at("codes").at(0);
    EXPECT_EQ(rule.at("system"), "docker-mailserver");
    EXPECT_FALSE(asked({"volume.absent"}).json().at("codes").at(0).contains("system"));
}

TEST(Explain, TellsOfARuleWhatItTellsOfAFinding)
{
    const std::string text = asked({"dms.direct-mount"}).answer().output;
    EXPECT_THAT(text, HasSubstr("\n  cause     Each service's data was mounted separately"));
    EXPECT_THAT(text, HasSubstr("\n  seen as   Device or resource busy\n"));
    for (const CodeFacts& facts : every_fact()) EXPECT_TRUE(facts.system.empty() || !facts.cause.empty()) << facts.code;
}

TEST(Explain, KnowsACodeThatIsWrittenAlmostRight)
{
    Asked wrong = asked({"orign.mounted"});
    EXPECT_EQ(wrong.answer().exit_code, 64);
    const Json finding = wrong.json().at("findings").at(0);
    EXPECT_EQ(finding.at("code"), "run.usage");
    EXPECT_EQ(finding.at("subject"), "orign.mounted");
    EXPECT_EQ(finding.at("hint"), "Did you mean 'origin.mounted'? See: mailstate explain --list.");
}

TEST(Explain, WantsOneThingAtATime)
{
    EXPECT_EQ(asked({}).answer().exit_code, 64);
    EXPECT_EQ(asked({"volume.absent", "volume.missing"}).answer().exit_code, 64);
    Asked both = asked({"volume.absent"});
    both.options.list_rules = true;
    EXPECT_EQ(both.answer().exit_code, 64);
}

TEST(Explain, ListsEveryCodeInALineOfItsOwn)
{
    Asked all = asked({});
    all.options.list_rules = true;
    const std::string text = all.answer().output;
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), every_code().size());
    for (const std::string& code : every_code()) EXPECT_THAT("\n" + text, HasSubstr("\n" + code + " "));
    EXPECT_EQ(all.json().at("codes").size(), every_code().size());
    EXPECT_THAT(every_code(), Contains("mailu.ports"));
    EXPECT_THAT(every_code(), Contains("volume.root-squash"));
}

TEST(Explain, GoesFromALineOfALogToItsCodes)
{
    EXPECT_THAT(codes_for("mv: cannot remove '/var/lib/redis': device or resource busy"), Contains("origin.mounted"));
    EXPECT_THAT(codes_for(" postfix/postdrop: warning: MAIL_QUEUE_ENTER: create file maildrop/1.2: permission denied"),
                Contains("binary.sgid"));
    EXPECT_THAT(codes_for("mv: cannot remove '/var/lib/redis': device or resource busy"), Contains("dms.direct-mount"));
    EXPECT_THAT(codes_for("warning: mail_queue_enter: create file maildrop/1.2: Permission denied"),
                Contains("dms.sgid-lost"));
    EXPECT_THAT(codes_for("Postfix integrity check failed!"), Contains("dms.state-on-network"));
    EXPECT_THAT(codes_for("KeyError: 'lmtp'"), ElementsAre("mailu.lmtp-ratelimit", "mailu.lmtp-tls"));
    EXPECT_THAT(codes_for("TLS SNI mail.example.org from x[192.0.2.1] not matched, using default chain"),
                Contains("mailcow.sni-default"));
    EXPECT_THAT(codes_for("no locks avail"), ElementsAre("volume.lacks-lock", "volume.no-locks"));
    EXPECT_THAT(codes_for("the moon is full"), IsEmpty());
    Asked unknown = asked({});
    unknown.options.symptom = "the moon is full";
    EXPECT_EQ(unknown.answer().exit_code, 0);
    EXPECT_EQ(unknown.answer().output, "no code is known for 'the moon is full'\n");
}

TEST(Explain, IsWhatCheckExplainTells)
{
    Asked alias = asked({});
    alias.options.explain = "dms.solr";
    EXPECT_EQ(alias.by(run_check).output, asked({"dms.solr"}).answer().output);
    alias.options.output = Output::json;
    const Json rules = Json::parse(alias.by(run_check).output).at("rules");
    for (const char* const member : {"id", "system", "severity", "versions", "meaning", "hint", "reference"})
        EXPECT_TRUE(rules.at(0).contains(member)) << member;
}

TEST(Explain, HasNoGapsInItsSentences)
{
    for (const CodeFacts& facts : every_fact()) EXPECT_THAT(facts.hint, Not(HasSubstr("{}"))) << facts.code;
    EXPECT_THAT(asked({"origin.read-only"}).answer().output, HasSubstr("Start the container without --read-only.\n"));
}

}  // namespace
}  // namespace mailstate
