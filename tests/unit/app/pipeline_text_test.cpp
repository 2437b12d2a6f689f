// SPDX-License-Identifier: MIT
// Findings for pipelines: whatever is in a name, the file stays well-formed.
#include "app/output/pipeline_text.hpp"

#include <gmock/gmock.h>

namespace mailstate {

namespace {

using testing::HasSubstr;
using testing::Not;

Json answer()
{
    Json json = json_answer("check");
    json["exit_code"] = 3;
    json["findings"] = Json::array();
    Json& finding = json["findings"].emplace_back();
    finding = {{"code", "dms.env-removed"},
               {"severity", "error"},
               {"subject", "a b,<c>.env:3"},
               {"message", "50% & \"more\""},
               {"hint", "Write it."}};
    finding["location"] = {{"file", "a b,<c>.env"}, {"line", 3}};
    finding["data"] = {{"name", "ENABLE_LDAP"}};
    finding["reference"] = "https://example.org/x";
    json["findings"].push_back({{"code", "check.unknown"},
                                {"severity", "note"},
                                {"subject", "check"},
                                {"message", "unknown: what is\nthere"},
                                {"hint", ""}});
    json["judged"] = Json::array(
        {{{"system", "docker-mailserver"},
          {"fine", {"dms.orphan", "dms.solr"}},
          {"not_judged",
           {{{"why", "the env file a.env was not read"}, {"rules", {"dms.ldap-16", "dms.env-removed"}}}}}}});
    json["not_judged"] = {"c.yaml:3: include of <x> is elsewhere"};
    return json;
}

TEST(PipelineText, CountsATestCaseForEachFindingAndEachRuleThatIsFine)
{
    const std::string text = pipeline_text(Output::junit, answer());
    EXPECT_THAT(text, HasSubstr("tests=\"6\" failures=\"1\" errors=\"0\" skipped=\"3\""));
    EXPECT_THAT(text, HasSubstr("name=\"dms.env-removed: a b,&lt;c&gt;.env:3\"><failure type=\"error\" "
                                "message=\"a b,&lt;c&gt;.env:3: 50% &amp; &quot;more&quot;\">"));
    EXPECT_THAT(text, HasSubstr("<testcase classname=\"check\" name=\"dms.orphan\"/>"));
    EXPECT_THAT(text, Not(HasSubstr("<c>")));
}

TEST(PipelineText, SaysWhatWasNotJudged)
{
    const std::string xml = pipeline_text(Output::junit, answer());
    EXPECT_THAT(xml,
                HasSubstr("<testcase classname=\"check\" name=\"dms.ldap-16\"><skipped message=\"not judged: the env "
                          "file a.env was not read\"/></testcase>"));
    EXPECT_THAT(xml, HasSubstr("name=\"not judged\"><skipped message=\"not judged: c.yaml:3: include of &lt;x&gt;"));
    EXPECT_THAT(xml, Not(HasSubstr("name=\"dms.env-removed\"><skipped")));  // it has a finding
    EXPECT_THAT(
        pipeline_text(Output::github, answer()),
        HasSubstr("::notice title=not judged::docker-mailserver: the env file a.env was not read: dms.ldap-16\n"));
    const Json log = Json::parse(pipeline_text(Output::sarif, answer()));
    const Json& invocation = log["runs"][0]["invocations"][0];
    EXPECT_EQ(invocation["toolExecutionNotifications"].size(), 2U);
    EXPECT_EQ(invocation["toolExecutionNotifications"][1]["message"]["text"],
              "not judged: c.yaml:3: include of <x> is elsewhere");
    EXPECT_EQ(invocation["executionSuccessful"], true);
    Json unread = answer();
    unread["exit_code"] = 65;
    EXPECT_EQ(Json::parse(pipeline_text(Output::sarif, unread))["runs"][0]["invocations"][0]["executionSuccessful"],
              false);
}

TEST(PipelineText, EscapesWhatGithubsCommandsReadAsTheirOwn)
{
    const std::string text = pipeline_text(Output::github, answer());
    EXPECT_THAT(text, HasSubstr("::error file=a b%2C<c>.env,line=3,title=dms.env-removed::a b,<c>.env:3: 50%25 & "
                                "\"more\"%0AWrite it.\n"));
    EXPECT_THAT(text, HasSubstr("::notice title=check.unknown::check: unknown: what is%0Athere\n"));
}

TEST(PipelineText, NamesFilesInSarifByUri)
{
    const Json log = Json::parse(pipeline_text(Output::sarif, answer()));
    const Json& run = log["runs"][0];
    EXPECT_EQ(log["version"], "2.1.0");
    EXPECT_EQ(run["results"][0]["level"], "error");
    const Json& place = run["results"][0]["locations"][0]["physicalLocation"];
    EXPECT_EQ(place["artifactLocation"]["uri"], "a%20b%2C%3Cc%3E.env");
    EXPECT_EQ(place["region"]["startLine"], 3);
    EXPECT_EQ(run["tool"]["driver"]["rules"][0]["helpUri"], "https://example.org/x");
    EXPECT_FALSE(run["results"][1].contains("locations"));
}

}  // namespace

}  // namespace mailstate
