// SPDX-License-Identifier: MIT
#include "app/output/rehearsal_output.hpp"

#include <gmock/gmock.h>

#include "examples.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;
using testing::Not;

Rehearsal make_rehearsal()
{
    Rehearsal rehearsal;
    rehearsal.plan = make_example_plan();
    const Report report = make_report(rehearsal.plan, Outcome::done, {"moved"});
    for (std::size_t i = 0; i < rehearsal.plan.entries.size(); ++i) {
        RehearsedEntry entry;
        entry.planned = rehearsal.plan.entries[i];
        if (entry.planned.decision == Decision::move || entry.planned.decision == Decision::in_place)
            entry.rehearsed = report.entries[i];
        entry.undone = entry.planned.decision == Decision::leave_alone;
        rehearsal.entries.push_back(std::move(entry));
    }
    rehearsal.entries[0].rehearsed->displaced = 3;
    rehearsal.entries[0].rehearsed->displaced_to = "/var/mail-state/.mailstate/displaced/\x1b[31mred";
    rehearsal.findings = rehearsal.plan.findings;
    rehearsal.amount = {412, 1'363'148};
    rehearsal.first_start = 1.25;
    rehearsal.later_start = 0.0625;
    rehearsal.space = {2'000'000, 3'000'000'000, 4'000'000, 15'360'000};
    rehearsal.steps = {{"clone", 0.5, StepOutcome::done}, {"roll back", 0, StepOutcome::skipped}};
    rehearsal.not_rehearsed = {"the overlay below the origins"};
    return rehearsal;
}

TEST(RehearsalJson, HasThePlansDecisionBesideTheRehearsedOne)
{
    const Rehearsal rehearsal = make_rehearsal();
    const Json json = rehearsal_json(rehearsal, view_of(rehearsal, make_ext4()), 3);
    EXPECT_EQ(json["command"], "rehearse");
    EXPECT_EQ(json["exit_code"], 3);
    EXPECT_EQ(json["entries"][0]["decision"], "move");
    EXPECT_EQ(json["entries"][0]["rehearsed"]["decision"], "move");
    EXPECT_EQ(json["entries"][0]["rehearsed"]["displaced"], 3);
    EXPECT_TRUE(json["entries"][2]["rehearsed"].is_null());
    EXPECT_EQ(json["entries"][2]["undone"], true);
    const Json& details = json["rehearsal"];
    EXPECT_EQ(details["seconds"]["first_start"], 1.25);
    EXPECT_EQ(details["seconds"]["later_start"], 0.0625);
    EXPECT_TRUE(details["sample"].is_null());
    EXPECT_EQ(details["space"]["needed"], 2'000'000);
    EXPECT_EQ(details["steps"][1], (Json{{"name", "roll back"}, {"seconds", 0.0}, {"outcome", "skipped"}}));
    EXPECT_EQ(details["not_rehearsed"][0], "the overlay below the origins");
    EXPECT_EQ(json["findings"][0]["code"], "origin.mounted");
}

TEST(RehearsalJson, SaysNothingOfATimeThatWasNotMeasured)
{
    Rehearsal rehearsal = make_rehearsal();
    rehearsal.first_start = rehearsal.later_start = std::nullopt;
    rehearsal.sample = 100;
    const Json json = rehearsal_json(rehearsal, view_of(rehearsal, std::nullopt), 4);
    EXPECT_TRUE(json["rehearsal"]["seconds"]["first_start"].is_null());
    EXPECT_EQ(json["rehearsal"]["sample"], 100);
}

TEST(RehearsalText, SaysWhatWasDoneHowLongTheRealRunTakesAndWhatIsMissing)
{
    const Rehearsal rehearsal = make_rehearsal();
    const std::string text =
        rehearsal_text(rehearsal, view_of(rehearsal, make_ext4()), Paint::no) + rehearsal_summary(rehearsal) + "\n";
    EXPECT_THAT(text, HasSubstr("clone         done  0.50 s\n"));
    EXPECT_THAT(text, HasSubstr("first start   1.25 s, copies 412 files, 1.3 MiB\n"));
    EXPECT_THAT(text, HasSubstr("later starts  0.06 s\n"));
    EXPECT_THAT(text, HasSubstr("Not rehearsed\n  the overlay below the origins\n"));
    EXPECT_THAT(text, HasSubstr("3 files set aside"));
    EXPECT_THAT(text, HasSubstr("rehearse: the real run would leave 1 entry undone: rspamd\n"));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(RehearsalText, SaysThatATimeFromASampleIsNoMeasurement)
{
    Rehearsal rehearsal = make_rehearsal();
    rehearsal.sample = 100;
    const std::string text =
        rehearsal_text(rehearsal, view_of(rehearsal, make_ext4()), Paint::no) + rehearsal_summary(rehearsal) + "\n";
    EXPECT_THAT(text, HasSubstr("first start   about 1.25 s"));
}

TEST(RehearsalText, SaysHowItEnded)
{
    const auto ending = [](Outcome outcome) {
        Rehearsal rehearsal = make_rehearsal();
        rehearsal.outcome = outcome;
        return rehearsal_text(rehearsal, view_of(rehearsal, make_ext4()), Paint::no) + rehearsal_summary(rehearsal) +
               "\n";
    };
    EXPECT_THAT(ending(Outcome::blocked), HasSubstr("rehearse: the upgrade could not be rehearsed"));
    EXPECT_THAT(ending(Outcome::locked), HasSubstr("rehearse: another run holds the lock"));
    EXPECT_THAT(ending(Outcome::interrupted), HasSubstr("rehearse: interrupted"));
}

}  // namespace
}  // namespace mailstate
