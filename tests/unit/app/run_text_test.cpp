// SPDX-License-Identifier: MIT
#include "app/output/run_text.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "app/output/findings_text.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/plan_text.hpp"
#include "unit/app/examples.hpp"

namespace mailstate {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const Plan& plan, const std::string& next = "mailstate apply")
{
    const RunView view = view_of(plan, make_ext4());
    return plan_text(view, Paint::no) + wrapped(plan_summary("plan", plan, view, next), 2);
}

std::string text_of(const Report& report, Entries entries = Entries::none)
{
    const RunView view = view_of(report, make_ext4());
    return report_text(report, view, entries, Paint::no) + wrapped(report_summary("apply", report, view), 2);
}

TEST(PlanText, TellsTheWholePlan)
{
    EXPECT_EQ(text_of(make_example_plan()),
              "docker-mailserver on /var/mail-state (ext4, /dev/sdb1, 3.0 GiB free)\n"
              "  redis    move         /var/lib/redis → lib-redis  412 files, 1.3 MiB\n"
              "      the origin is a directory and the destination is absent\n"
              "  postfix  in-place     /var/lib/postfix → lib-postfix\n"
              "  rspamd   leave-alone  /var/lib/rspamd → lib-rspamd\n"
              "      warning: ext4 /dev/sda1 is mounted at /var/lib/rspamd (origin.mounted)\n"
              "        → Remove the line '- ./rspamd:/var/lib/rspamd' from the compose file.\n"
              "  disabled: clamav\n"
              "\n"
              "plan: 1 entry to move (412 files, 1.3 MiB), 1 in place, 1 left alone, 1\n"
              "  disabled; nothing was changed\n"
              "  Next: mailstate apply\n");
}

TEST(PlanText, FitsThePage)
{
    Plan plan = make_example_plan();
    plan.entries[0].name = "a-name-that-is-rather-long";
    plan.entries[0].owners_differ = 1'204;
    plan.findings.push_back({Severity::error, "volume.full", "/var/mail-state",
                             "the volume has 12.0 MiB free and 3.0 GiB are to be moved, of which most is in one place",
                             "Make the volume larger, or move what is not mail somewhere else before the next start."});
    std::istringstream lines(text_of(plan));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), page_width) << line;
}

TEST(PlanText, ShowsFindingsOfNoEntryAtTheEnd)
{
    Plan plan = make_example_plan();
    plan.findings.push_back({Severity::note, "process.no-ptrace", "", "other users' processes cannot be seen", ""});
    EXPECT_THAT(text_of(plan), HasSubstr("  disabled: clamav\nnote: other users' processes cannot be seen "
                                         "(process.no-ptrace)\n\nplan:"));
}

TEST(PlanText, SaysThatThereIsNothingToChange)
{
    Plan plan = make_example_plan();
    plan.entries = {make_entry("postfix", Decision::in_place), make_entry("redis", Decision::in_place)};
    plan.findings.clear();
    EXPECT_THAT(text_of(plan), EndsWith("plan: 2 entries in place; there is nothing to change\n"));
}

TEST(PlanText, SaysThatItIsBlocked)
{
    Plan plan = make_example_plan();
    plan.blocked = true;
    plan.findings.push_back({Severity::error, "volume.missing", "/var/mail-state", "links point into it", "Mount it."});
    const std::string text = text_of(plan);
    EXPECT_THAT(text, HasSubstr("error: /var/mail-state: links point into it (volume.missing)\n  → Mount it.\n"));
    EXPECT_THAT(text, HasSubstr("plan: blocked"));
    EXPECT_THAT(text, Not(HasSubstr("Next:")));
}

TEST(PlanText, SaysWhereThePlanIsSaved)
{
    EXPECT_THAT(text_of(make_example_plan(), "mailstate apply --plan p.json"),
                EndsWith("Next: mailstate apply --plan p.json\n"));
}

TEST(PlanText, CountsOwnersAndStaleNames)
{
    Plan plan = make_example_plan();
    plan.entries[1].owners_differ = 3;
    plan.entries[1].stale = 1;
    const std::string text = text_of(plan);
    EXPECT_THAT(text, HasSubstr("lib-postfix\n      owner or mode of 3 files to correct; 1 stale file to remove\n"));
    EXPECT_THAT(text, HasSubstr("owner or mode of 3 files to correct, 1 stale file to remove;"));
}

TEST(PlanText, HoldsNoControlCharactersOfNames)
{
    Plan plan = make_example_plan();
    plan.entries[0].name = "re\x1b[31mdis\n";
    plan.entries[0].origin = "/var/lib/\xff";
    plan.findings[0].subject = "\r\x7f";
    plan.findings[0].message = "bad \x1b[2J";
    const std::string text = text_of(plan);
    for (const char byte : text) EXPECT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20U);
    EXPECT_THAT(text, HasSubstr("re\\x1b[31mdis\\x0a"));
}

TEST(PlanText, ColoursDecisionsAndSeverities)
{
    const Plan plan = make_example_plan();
    const std::string text = plan_text(view_of(plan, make_ext4()), Paint::yes);
    EXPECT_THAT(text, HasSubstr("  redis    \x1b[34mmove\x1b[0m         /var/lib/redis"));
    EXPECT_THAT(text, HasSubstr("\x1b[33mwarning\x1b[0m: ext4"));
}

TEST(ReportText, IsOneLineWhereNothingHappened)
{
    Plan plan = make_example_plan();
    plan.entries = {make_entry("postfix", Decision::in_place), make_entry("redis", Decision::in_place),
                    make_entry("clamav", Decision::disabled)};
    plan.findings = {{Severity::note, "x", "redis", "a note", ""}};
    EXPECT_EQ(text_of(make_report(plan, Outcome::done, {})), "apply: 2 entries in place, 1 disabled; nothing to do\n");
}

TEST(ReportText, DoesNotSayOfAFailureThatThereWasNothingToDo)
{
    Plan plan = make_example_plan();
    plan.findings.clear();
    Report report = make_report(plan, Outcome::done, {});
    report.entries.front().outcome = EntryOutcome::failed;
    EXPECT_THAT(text_of(report), HasSubstr("1 failed"));
    EXPECT_THAT(text_of(report), testing::Not(HasSubstr("nothing")));
}

TEST(ReportText, TellsWhatIsLeftAloneOnEveryStart)
{
    Plan plan = make_example_plan();
    plan.entries.erase(plan.entries.begin());
    const std::string text = text_of(make_report(plan, Outcome::done, {}));
    EXPECT_EQ(text,
              "warning: rspamd: ext4 /dev/sda1 is mounted at /var/lib/rspamd (origin.mounted)\n"
              "  → Remove the line '- ./rspamd:/var/lib/rspamd' from the compose file.\n"
              "apply: 1 entry in place, 1 left alone, 1 disabled; nothing to do; 1 warning\n");
}

TEST(ReportText, SumsUpWhatWasDoneAndHasTheEntriesWhereTheyAreWanted)
{
    Report report = make_report(make_example_plan(), Outcome::done, {"moved redis"});
    report.entries[0].outcome = EntryOutcome::moved;
    report.entries[0].owners_changed = 7;
    report.entries[0].displaced = 2;
    report.entries[0].displaced_to = "/var/mail-state/.mailstate/displaced/redis";
    const std::string text = text_of(report);
    EXPECT_EQ(text,
              "warning: rspamd: ext4 /dev/sda1 is mounted at /var/lib/rspamd (origin.mounted)\n"
              "  → Remove the line '- ./rspamd:/var/lib/rspamd' from the compose file.\n"
              "apply: 1 entry moved (412 files, 1.3 MiB), 1 in place, 1 left alone, 1 disabled,\n"
              "  owner or mode of 7 files corrected; 1 warning; in 1.23 s\n");
    const std::string all = text_of(report, Entries::all);
    EXPECT_THAT(all, HasSubstr("  redis    moved       /var/lib/redis → lib-redis"));
    EXPECT_THAT(all, HasSubstr("2 files set aside in"));
}

TEST(ReportText, CountsNothingAsDoneThatWasNotReached)
{
    Report report = make_report(make_example_plan(), Outcome::interrupted, {});
    const std::string text = text_of(report);
    EXPECT_THAT(text, HasSubstr("apply: interrupted: 1 entry in place, 1 left alone"));
    EXPECT_THAT(text, Not(HasSubstr("moved")));
    report.entries[0].outcome = EntryOutcome::failed;
    report.outcome = Outcome::midway;
    EXPECT_THAT(text_of(report), HasSubstr("1 failed"));
}

TEST(ReportText, SaysWhatToDoAfterEachOutcome)
{
    const Plan plan = make_example_plan();
    EXPECT_THAT(text_of(make_report(plan, Outcome::blocked, {})), HasSubstr("apply: blocked, nothing was changed"));
    EXPECT_THAT(text_of(make_report(plan, Outcome::midway, {"x"})), HasSubstr("next run completes it"));
    EXPECT_THAT(text_of(make_report(plan, Outcome::locked, {})), HasSubstr("--lock-timeout"));
    EXPECT_THAT(text_of(make_report(plan, Outcome::interrupted, {})), HasSubstr("Nothing is lost"));
}

TEST(Text, IsNotWrappedWhereThereIsNoTerminal)
{
    const TextWidth none(unlimited_width);
    Report report = make_report(make_example_plan(), Outcome::interrupted, {});
    EXPECT_THAT(
        text_of(report),
        HasSubstr("1 not reached (412 files, 1.3 MiB), 1 disabled. Nothing is lost, and the next run completes it; "
                  "1 warning\n"));
}

TEST(ReportText, SaysThatThereIsNoStateDirectory)
{
    Report report;
    report.plan.state_dir = "/var/mail-state";
    report.plan.nothing_to_do = true;
    EXPECT_EQ(
        text_of(report),
        "apply: nothing to do: there is no /var/mail-state, so the services keep their\n  state where it is; mount "
        "a volume there to keep the state when the container\n  is recreated\n");
}

TEST(FindingsText, SaysARemedyOnceForThoseThatShareIt)
{
    Finding first = mounted_finding(), second = mounted_finding();
    first.subject = "redis";
    const std::string text = findings_text({first, second}, Paint::no);
    EXPECT_EQ(text.find("→"), text.rfind("→"));
    EXPECT_THAT(text, HasSubstr("compose file.\n"));
    second.hint = "Another.";
    EXPECT_THAT(findings_text({first, second}, Paint::no), HasSubstr("  → Another.\n"));
}

TEST(PageText, PointsToTheOriginWhereTheStateGoesBack)
{
    Plan plan = make_example_plan();
    plan.entries = {make_entry("redis", Decision::roll_back)};
    EXPECT_THAT(page_text(view_of(plan, make_ext4()), Tense::would, Paint::no),
                HasSubstr("/var/lib/redis ← lib-redis"));
}

}  // namespace
}  // namespace mailstate
