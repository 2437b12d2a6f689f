// SPDX-License-Identifier: MIT
#include "mailstate/model/history.hpp"

#include <gmock/gmock.h>

#include "model/earlier.hpp"
#include "unit/model/any_bytes.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

RunRecord run_of(std::vector<EntryChange> changes)
{
    RunRecord run;
    run.command = "apply";
    run.changes = {"something"};
    run.entries = std::move(changes);
    return run;
}

EntryChange moved(const std::string& entry)
{
    EntryChange change;
    change.entry = entry;
    change.after = Phase::linked;
    change.fingerprint = "of " + entry;
    return change;
}

EntryChange rolled_back(const std::string& entry)
{
    return {entry, Phase::linked, Phase::rolled_back, "", {}};
}

History history_of(const std::vector<RunRecord>& runs)
{
    std::string text;
    for (const RunRecord& run : runs) text += to_json_line(run) + "\n";
    return parse_history(text);
}

Error error_before(const History& history, std::uint64_t run)
{
    const auto earlier = state_before(history, run);
    EXPECT_FALSE(earlier) << run;
    return earlier ? Error{} : earlier.error();
}

TEST(History, ComesBackAsItWasWritten)
{
    RunRecord run =
        run_of({moved("redis"),
                {any_bytes(), Phase::adopted, std::nullopt, "", {"a", "20261121T020635Z-redis.0123456789abcdef"}}});
    run.host = any_bytes();
    run.exit_code = 5;
    const History history = history_of({run, run_of({})});
    ASSERT_EQ(history.runs.size(), 2U);
    EXPECT_EQ(history.runs[0].record, run);
    EXPECT_EQ(history.runs[1].number, 2U);
    EXPECT_TRUE(history.bad.empty());
}

TEST(History, ReadsLinesOfAVersionThatKeptNoEntries)
{
    const History history = parse_history(
        R"({"started":"a","finished":"b","host":"c","version":"1","command":"apply","exit_code":0,"changes":["d"]})");
    ASSERT_EQ(history.runs.size(), 1U);
    EXPECT_EQ(history.runs[0].record.entries, std::nullopt);
}

TEST(History, CountsBadLinesAndPassesThemOver)
{
    const std::string good = to_json_line(run_of({}));
    const History history =
        parse_history("\n" + good + "\n{}\n" + any_bytes() + "\n" + good + "\n" + good.substr(0, 20));
    ASSERT_EQ(history.runs.size(), 2U);
    EXPECT_EQ(history.runs[0].number, 2U);
    EXPECT_EQ(history.bad.front().number, 1U);
    EXPECT_EQ(history.bad.back().number, history.runs[1].number + 1);
}

TEST(StateBefore, IsThatOfTheFirstChangeFromTheRunOn)
{
    const History history = history_of({run_of({moved("old")}), run_of({moved("redis")}),
                                        run_of({rolled_back("redis"), rolled_back("old")}), run_of({})});
    const auto earlier = state_before(history, 2);
    ASSERT_TRUE(earlier);
    EXPECT_EQ(earlier->run, 2U);
    ASSERT_EQ(earlier->entries.size(), 2U);
    EXPECT_FALSE(earlier->entries.at("redis").on_volume);
    EXPECT_EQ(earlier->entries.at("redis").fingerprint, "of redis");
    EXPECT_TRUE(earlier->entries.at("old").on_volume);
    EXPECT_TRUE(state_before(history, 4)->entries.empty());
}

TEST(StateBefore, KnowsEverythingThatWasSetAsideSince)
{
    EntryChange first = moved("redis"), second = rolled_back("redis");
    first.displaced = {"a", "b"};
    second.displaced = {"c"};
    const auto earlier = state_before(history_of({run_of({first}), run_of({second})}), 1);
    ASSERT_TRUE(earlier);
    EXPECT_EQ(earlier->entries.at("redis").displaced, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(StateBefore, CountsARunThatWasCutOffAsTheLast)
{
    History history = history_of({run_of({})});
    history.unrecorded = {moved("redis")};
    EXPECT_FALSE(state_before(history, 1)->entries.at("redis").on_volume);
}

TEST(StateBefore, RefusesRunsThatAreNotThere)
{
    EXPECT_THAT(error_before({}, 1).message, HasSubstr("has no runs"));
    const History history = history_of({run_of({}), run_of({})});
    EXPECT_THAT(error_before(history, 3).message, HasSubstr("1 to 2"));
    EXPECT_THAT(error_before(history, 0).message, HasSubstr("no such run"));
    EXPECT_THAT(error_before(parse_history("torn"), 1).message, HasSubstr("cannot be read"));
}

TEST(StateBefore, RefusesWhereARunSinceKeptNoEntries)
{
    RunRecord old = run_of({});
    old.entries.reset();
    const History history = history_of({run_of({}), old, run_of({})});
    EXPECT_EQ(error_before(history, 1).subject, "run 2");
    EXPECT_EQ(error_before(history, 2).subject, "run 2");
    EXPECT_TRUE(state_before(history, 3));
    old.changes.clear();
    EXPECT_TRUE(state_before(history_of({old}), 1));
}

TEST(ChangeOf, KeepsTheFirstPhaseOfSeveralSteps)
{
    Ledger ledger;
    ledger.entries["redis"].phase = Phase::rolled_back;
    change_of(ledger, "redis").after = Phase::published;
    ledger.entries["redis"].phase = Phase::published;
    change_of(ledger, "redis").after = Phase::linked;
    EXPECT_EQ(ledger.unrecorded, (std::vector<EntryChange>{{"redis", Phase::rolled_back, Phase::linked, "", {}}}));
    EXPECT_EQ(change_of(ledger, "new").before, std::nullopt);
}

}  // namespace
}  // namespace mailstate
