// SPDX-License-Identifier: MIT
#include "app/output/run_json.hpp"

#include <gmock/gmock.h>

#include "unit/app/examples.hpp"

namespace mailstate {
namespace {

Json parsed(const Json& json)
{
    return Json::parse(one_line(json));
}

TEST(RunJson, HasThePublishedMembersOfAPlan)
{
    const Plan plan = make_example_plan();
    const Json json = parsed(plan_json("plan", plan, view_of(plan, make_ext4()), 2));
    EXPECT_EQ(json.at("schema"), 1);
    EXPECT_EQ(json.at("command"), "plan");
    EXPECT_EQ(json.at("exit_code"), 2);
    EXPECT_EQ(json.at("has_changes"), true);
    EXPECT_EQ(json.at("volume").at("type"), "ext4");
    EXPECT_EQ(json.at("layout").at("name"), "docker-mailserver");
    EXPECT_EQ(json.at("entries").size(), 4U);
    const Json& entry = json.at("entries").at(0);
    EXPECT_EQ(entry.at("name"), "redis");
    EXPECT_EQ(entry.at("origin"), "/var/lib/redis");
    EXPECT_EQ(entry.at("destination"), "/var/mail-state/lib-redis");
    EXPECT_EQ(entry.at("decision"), "move");
    EXPECT_EQ(entry.at("reason"), "the origin is a directory and the destination is absent");
    EXPECT_EQ(entry.at("files"), 412);
    EXPECT_EQ(entry.at("bytes"), 1'363'148);
    const Json& finding = json.at("findings").at(0);
    EXPECT_EQ(finding.at("code"), "origin.mounted");
    EXPECT_EQ(finding.at("severity"), "warning");
    EXPECT_EQ(finding.at("subject"), "rspamd");
    EXPECT_FALSE(json.contains("dry_run"));
}

TEST(RunJson, TellsADryRunFromARun)
{
    const Plan plan = make_example_plan();
    const Json dry = parsed(plan_json("apply", plan, view_of(plan, std::nullopt), 0));
    EXPECT_EQ(dry.at("dry_run"), true);
    EXPECT_EQ(dry.at("volume"), nullptr);
    EXPECT_FALSE(dry.contains("outcome"));
}

TEST(RunJson, HasThePublishedMembersOfAReport)
{
    Report report = make_report(make_example_plan(), Outcome::midway, {"moved redis"});
    report.entries[0].owners_changed = 7;
    report.entries[0].displaced = 2;
    report.entries[0].displaced_to = "/var/mail-state/.mailstate/displaced/redis";
    const Json json = parsed(report_json("apply", report, view_of(report, make_ext4()), 5));
    EXPECT_EQ(json.at("command"), "apply");
    EXPECT_EQ(json.at("outcome"), "midway");
    EXPECT_EQ(json.at("exit_code"), 5);
    EXPECT_EQ(json.at("elapsed_ms"), 1'234);
    EXPECT_EQ(json.at("changes"), Json::array({"moved redis"}));
    EXPECT_EQ(json.at("entries").at(0).at("origin"), "/var/lib/redis");
    EXPECT_EQ(json.at("entries").at(0).at("decision"), "move");
    EXPECT_EQ(json.at("entries").at(0).at("outcome"), "not-reached");
    EXPECT_EQ(json.at("entries").at(0).at("owners_changed"), 7);
    EXPECT_EQ(json.at("entries").at(0).at("displaced"), 2);
}

TEST(RunJson, IsValidWhateverTheNames)
{
    Plan plan = make_example_plan();
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    plan.entries[0].name = bytes;
    plan.entries[0].origin = bytes;
    plan.entries[0].reason = bytes;
    plan.findings[0] = {Severity::error, "x", bytes, bytes, bytes};
    const Json json = parsed(plan_json("plan", plan, view_of(plan, make_ext4()), 0));
    EXPECT_THAT(json.at("entries").at(0).at("name").get<std::string>(), testing::HasSubstr("\\x00\\x01"));
    EXPECT_THAT(json.at("findings").at(0).at("message").get<std::string>(), testing::HasSubstr("abc"));
}

TEST(RunJson, SortsFindingsWorstFirst)
{
    Plan plan = make_example_plan();
    plan.findings = {{Severity::note, "a", "", "", ""},
                     {Severity::error, "b", "", "", ""},
                     {Severity::note, "c", "", "", ""},
                     {Severity::warning, "d", "", "", ""}};
    std::string order;
    for (const Finding& finding : view_of(plan, std::nullopt).findings) order += finding.code;
    EXPECT_EQ(order, "bdac");
}

}  // namespace
}  // namespace mailstate
