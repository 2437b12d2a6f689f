// SPDX-License-Identifier: MIT
#include "app/page/report_html.hpp"

#include <gmock/gmock.h>

#include "app/output/rehearsal_output.hpp"
#include "app/output/run_json.hpp"
#include "app/page/html.hpp"
#include "app/page/prose.hpp"
#include "app/page/report_bar.hpp"
#include "app/page/report_sections.hpp"
#include "unit/app/examples.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;
using testing::Not;

Json example()
{
    const Plan plan = make_example_plan();
    return plan_json("plan", plan, view_of(plan, make_ext4()), 0);
}

TEST(Html, TakesEveryTextForATextAndNothingElse)
{
    EXPECT_EQ(Html("<script>alert('1') & \"2\"</script>").str(),
              "&lt;script&gt;alert(&#39;1&#39;) &amp; &quot;2&quot;&lt;/script&gt;");
    EXPECT_EQ(Html(std::string_view("a\0b\x1b\n\x7f", 6)).str(), "a\\x00b\\x1b\\x0a\\x7f");
    EXPECT_EQ(Html("\xff gr\xc3\xb6\xc3\x9f\x65 \xc3").str(), "\\xff gr\xc3\xb6\xc3\x9f\x65 \\xc3");
    EXPECT_EQ(Html("\xe2\x80\xae").str(), "\\xe2\\x80\\xae") << "a direction override";
    EXPECT_EQ(element_with("a", {{"href", "\"><script>"}, {"class", ""}}, "x").str(),
              "<a href=\"&quot;&gt;&lt;script&gt;\">x</a>");
}

TEST(ReportHtml, IsAWholePageOfAPlan)
{
    const std::string page = report_html(example());
    EXPECT_TRUE(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    EXPECT_THAT(page, HasSubstr("<p class=\"headline\">1 entry would be moved to the volume</p>"));
    EXPECT_THAT(page, HasSubstr("<h1>Ext4 /dev/sda1 is mounted at /var/lib/rspamd</h1>")) << "the worst";
    EXPECT_THAT(page, HasSubstr("<code>/var/lib/redis</code>"));
    EXPECT_THAT(page, HasSubstr("<code>/var/mail-state/lib-redis</code>"));
    EXPECT_THAT(page, HasSubstr("Remove the line <code class=\"whole\">- ./rspamd:/var/lib/rspamd</code> from"));
    EXPECT_THAT(page, HasSubstr("1.3 MiB"));
    EXPECT_THAT(page, HasSubstr("1 entry is disabled"));
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_THAT(page, Not(HasSubstr("http")));
}

TEST(ReportHtml, SaysWhatBecameOfAnEntry)
{
    Json report = example();
    report["entries"][0]["outcome"] = "not-reached";
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("<b>1 not reached</b>"));
    EXPECT_THAT(page, HasSubstr("as before: the next run continues with them"));
    report["entries"][0]["outcome"] = "moved";
    EXPECT_THAT(report_html(report), Not(HasSubstr("as before")));
}

TEST(ReportHtml, HoldsNoMarkupOfHostileNames)
{
    Json report = example();
    const std::string hostile = "</code></style><script>alert(1)</script>\"'\x01\xff&";
    for (const char* name : {"name", "origin", "destination", "reason", "decision"})
        report["entries"][0][name] = hostile;
    for (const char* name : {"code", "subject", "message", "hint"}) report["findings"][0][name] = hostile;
    for (const char* name : {"command", "version", "time", "state_dir", "host"}) report[name] = hostile;
    report["findings"][0]["reference"] = "https://" + hostile;
    report["layout"]["name"] = hostile;
    report["judged"] = Json::array({{{"system", hostile}, {"from", hostile}, {"files", Json::array({hostile})}}});
    for (const char* name : {"type", "source", "options", "class"}) report["volume"][name] = hostile;
    report["changes"] = Json::array({hostile});
    report["capabilities"] = {{"tested", true}, {"results", {{hostile, hostile}}}, {"inferred", {{hostile, hostile}}}};
    const Json route = {{"next_hop", hostile}, {"credentials", hostile}, {"tls", hostile}, {"because", hostile}};
    report["route"] = {{"sender", hostile}, {"before", route}, {"after", nullptr}};
    report["delivery"] = {{"recipient", hostile}, {"external", Json::array({hostile})}, {"because", hostile}};
    report["rehearsal"] = {{"steps", Json::array({{{"name", hostile}, {"seconds", 1.0}, {"outcome", hostile}}})},
                           {"not_rehearsed", Json::array({hostile})}};
    const std::string page = report_html(report);
    EXPECT_THAT(page, Not(HasSubstr("<script")));
    EXPECT_EQ(page.find("</style>"), page.rfind("</style>"));
    EXPECT_THAT(page, Not(HasSubstr("\x01")));
    EXPECT_THAT(page, Not(HasSubstr("\xff")));
    EXPECT_THAT(
        page, HasSubstr("&lt;/code&gt;&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;\\x01\\xff&amp;"));
}

TEST(ReportHtml, ShowsWhatThereIsAndNoEmptyParts)
{
    Json report = json_answer("verify");
    report["exit_code"] = 0;
    report["findings"] = Json::array();
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("<h1>Everything matches the layout</h1>"));
    EXPECT_THAT(page, Not(HasSubstr("<section")));
    EXPECT_THAT(page, Not(HasSubstr("<nav")));
    EXPECT_THAT(report_html(Json::object()), HasSubstr("<h1>"));
    EXPECT_THAT(report_html(Json(nullptr)), HasSubstr("<h1>"));
}

TEST(ReportHtml, TellsEqualFindingsOnce)
{
    Json report = example();
    Json another = report["findings"][0];
    another["subject"] = "postgrey";
    report["findings"].push_back(another);
    std::string page = report_html(report);
    const std::string message = "<p>ext4 <code>/dev/sda1</code> is mounted at <code>/var/lib/rspamd</code>";
    ASSERT_NE(page.find(message), std::string::npos);
    EXPECT_EQ(page.find(message), page.rfind(message));
    EXPECT_THAT(page, HasSubstr("<code class=\"subject\">postgrey</code>"));
    report["findings"][1]["message"] = "another thing";
    page = report_html(report);
    EXPECT_THAT(page, HasSubstr("2 of one kind"));
    EXPECT_EQ(page.find("Remedy"), page.rfind("Remedy"));
}

TEST(ReportHtml, LinksToWhatAFindingIsFrom)
{
    Json report = example();
    report["findings"][0]["reference"] = "https://example.org/1";
    EXPECT_THAT(report_html(report), HasSubstr("<a href=\"https://example.org/1\" rel=\"noreferrer\">"));
    report["findings"][0]["reference"] = "javascript:alert(1)";
    EXPECT_THAT(report_html(report), Not(HasSubstr("javascript")));
}

TEST(ReportHtml, SaysHowFarAnInterruptedRunCame)
{
    Json report = example();
    report["command"] = "apply";
    report["exit_code"] = 143;
    report["entries"][0]["outcome"] = "not-reached";
    report["entries"][1]["outcome"] = "in-place";
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("<h1>The run was interrupted after 1 of 2 entries</h1>"));
    EXPECT_THAT(page, HasSubstr("<b>1 of 2 entries</b> are done"));
}

TEST(ReportHtml, PutsSmallSizesIntoOneRow)
{
    Json report = example();
    for (const char* name : {"one", "two"})
        report["entries"].push_back({{"name", name}, {"decision", "move"}, {"files", 1}, {"bytes", 10}});
    EXPECT_THAT(report_html(report), HasSubstr("2 smaller"));
    EXPECT_THAT(report_html(report), HasSubstr("one, two"));
}

TEST(ReportHtml, CountsTheRulesOfACheck)
{
    Json report = json_answer("check");
    report["judged"] = Json::array({{{"system", "mailu"},
                                     {"from", "1"},
                                     {"to", "2"},
                                     {"rules", 3},
                                     {"fine", Json::array({"a", "b"})},
                                     {"files", Json::array({"x.yml"})}}});
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("<dt>Rules judged</dt>\n<dd>3</dd>"));
    EXPECT_THAT(page, HasSubstr("mailu 1 → 2"));
    EXPECT_THAT(page, HasSubstr("1 file read"));
}

TEST(Prose, HoldsCommandsSettingsAndPathsAsCode)
{
    const auto whole = [](const std::string& text) { return "<code class=\"whole\">" + text + "</code>"; };
    EXPECT_EQ(prose("Run mailstate check --fix, then start.").str(),
              "Run " + whole("mailstate check --fix") + ", then start.");
    EXPECT_EQ(prose("See 'mailstate history'.").str(), "See " + whole("mailstate history") + ".");
    EXPECT_EQ(prose("Set A_B=1 or --to (in /etc/x).").str(),
              "Set " + whole("A_B=1") + " or " + whole("--to") + " (in <code>/etc/x</code>).");
    EXPECT_EQ(prose("upstream's start: it's 'open").str(), "upstream&#39;s start: it&#39;s &#39;open");
    EXPECT_EQ(prose("mailstate creates <b> '").str(), "mailstate creates &lt;b&gt; &#39;");
}

TEST(ReportHtml, DrawsTheStepsOneBehindTheOther)
{
    Json report = json_answer("rehearse");
    report["rehearsal"] = {{"steps", Json::array({{{"name", "clone"}, {"seconds", 1.0}, {"outcome", "done"}},
                                                  {{"name", "apply"}, {"seconds", 3.0}, {"outcome", "failed"}}})},
                           {"seconds", {{"first_start", 2.5}, {"later_start", nullptr}}},
                           {"sample", 100},
                           {"space", {{"needed", 10}, {"free", 40}, {"headroom", 5}}},
                           {"not_rehearsed", Json::array({"mounts"})}};
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("margin-left:0.00%;width:25.00%"));
    EXPECT_THAT(page, HasSubstr("margin-left:25.00%;width:75.00%"));
    EXPECT_THAT(page, HasSubstr("<b>3.00 s</b> failed"));
    EXPECT_THAT(page, HasSubstr("about 2.50 s"));
    EXPECT_THAT(page, Not(HasSubstr("Later starts")));
    EXPECT_THAT(page, HasSubstr("<li>mounts</li>"));
}

TEST(ReportHtml, ComparesTheRoutesOfASender)
{
    Json report = json_answer("check");
    const auto route = [](const char* hop) {
        return Json{{"next_hop", hop}, {"credentials", ""}, {"tls", "may"}, {"because", "of the map"}};
    };
    report["senders"] = Json::array({{{"sender", "@a.example"}, {"before", route("mx")}, {"after", route("[r]:25")}},
                                     {{"sender", "@b.example"}, {"before", route("mx")}, {"after", route("mx")}}});
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("changes</span>"));
    EXPECT_THAT(page, HasSubstr("stays</span>"));
    EXPECT_THAT(page, HasSubstr("directly to the recipient&#39;s MX, TLS opportunistic, no credentials"));
    EXPECT_THAT(page, HasSubstr("to <code>[r]:25</code>"));
}

TEST(ReportHtml, SaysWhatTheVolumeCanDo)
{
    Json report = example();
    report["capabilities"] = {{"tested", true},
                              {"results", {{"chown", "no (EPERM)"}, {"fifo", "yes"}, {"acl", "not tested"}}},
                              {"inferred", {{"acl", "yes"}}}};
    const std::string page = report_html(report);
    EXPECT_THAT(page, HasSubstr("<tr class=\"no\"><th scope=\"row\">chown</th>"));
    EXPECT_THAT(page, HasSubstr("<tr class=\"yes\"><th scope=\"row\">fifo</th>"));
    EXPECT_THAT(page, HasSubstr("<tr class=\"unknown\"><th scope=\"row\">acl</th>"));
}

struct Ending {
    const char* command;
    int exit_code;
    const char* headline;
};

TEST(ReportVerdict, SaysHowEachCommandEnded)
{
    for (const Ending& ending : {Ending{"verify", 3, "Problems were found"},
                                 {"check", 3, "Something will break"},
                                 {"check", 0, "No problems were found"},
                                 {"rehearse", 4, "The upgrade could not be rehearsed"},
                                 {"rehearse", 0, "The upgrade would complete everything that is planned"},
                                 {"apply", 4, "Nothing could be done"},
                                 {"apply", 5, "The run stopped midway"},
                                 {"apply", 75, "Another run is in progress"},
                                 {"apply", 143, "The run was interrupted"},
                                 {"apply", 65, "A file that the command needs is not valid"},
                                 {"apply", 0, "There was nothing to do"},
                                 {"rollback", 0, "The state is back where an older version looks for it"},
                                 {"plan", 0, "There is nothing to do"}}) {
        Json report = json_answer(ending.command);
        report["exit_code"] = ending.exit_code;
        EXPECT_EQ(verdict_of(report).headline, ending.headline) << ending.command << " " << ending.exit_code;
        EXPECT_EQ(verdict_of(report).tone, ending.exit_code == 0 ? Tone::good : Tone::bad) << ending.command;
    }
}

TEST(ReportVerdict, CountsTheEntriesThatARehearsalWouldLeaveUndone)
{
    Json report = json_answer("rehearse");
    report["exit_code"] = 3;
    report["entries"] = Json::array({{{"undone", true}}, {{"undone", false}}, {{"undone", true}}});
    EXPECT_EQ(verdict_of(report).headline, "The upgrade would leave 2 entries undone");
}

TEST(ReportVerdict, HasRemarksWhereThereAreWarnings)
{
    const ReportVerdict verdict = verdict_of(example());
    EXPECT_EQ(verdict.tone, Tone::remarks);
    EXPECT_EQ(verdict.more, "1 warning.");
}

// At the first clause that ended, most of the sentence was missing.
TEST(ReportVerdict, CutsALongTitleAfterTheLastClauseThatFits)
{
    Json report = example();
    const std::string begun = "there are credentials (for @example.org): TLS is mandatory for all outbound mail then";
    report["findings"][0]["severity"] = "error";
    report["findings"][0]["subject"] = "cf";
    report["findings"][0]["message"] = begun + ", that which is delivered directly to the hosts of others included";
    EXPECT_THAT(title_of_page(report), testing::StartsWith("cf: " + begun + "…"));
}

TEST(ReportBar, StaysBetweenNothingAndAll)
{
    EXPECT_THAT(bar_in_track(1, 8).str(), HasSubstr("style=\"margin-left:0.00%;width:12.50%\""));
    EXPECT_THAT(bar_in_track(9, 8).str(), HasSubstr("style=\"margin-left:0.00%;width:100.00%\""));
    EXPECT_THAT(bar_in_track(1, 0).str(), HasSubstr("style=\"margin-left:0.00%;width:0.00%\""));
    EXPECT_THAT(bar_in_track(1, 8, 2).str(), HasSubstr("style=\"margin-left:25.00%;width:12.50%\""));
}

}  // namespace
}  // namespace mailstate
