// SPDX-License-Identifier: MIT
#include "mailstate/model/finding_table.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace mailstate {
namespace {

TEST(FindingTable, HasEachCodeOnceAndSentencesInItsRows)
{
    const auto is_sentence = [](std::string_view text) { return text.ends_with('.') || text.ends_with('?'); };
    std::set<std::string_view> codes;
    for (const std::span<const FindingRow>& part : findings::all)
        for (const FindingRow& row : part) {
            EXPECT_TRUE(codes.insert(row.code).second) << row.code;
            EXPECT_EQ(std::ranges::count(row.code, '.'), 1) << row.code;
            EXPECT_TRUE(is_sentence(row.meaning)) << row.code;
            EXPECT_TRUE(row.cause.empty() || is_sentence(row.cause)) << row.code;
            EXPECT_TRUE(row.hint.empty() || is_sentence(row.hint) || row.hint.ends_with(findings::gap)) << row.code;
            EXPECT_EQ(findings::find(row.code), &row);
        }
    EXPECT_EQ(findings::find("volume.nowhere"), nullptr);
}

TEST(MakeFinding, TakesSeverityAndHintFromTheRowAndPutsTheDataIn)
{
    const Finding found = make_finding("volume.anonymous", "/state", "it has no name", "/state", std::string("3f2a"));
    EXPECT_EQ(found.code, "volume.anonymous");
    EXPECT_EQ(found.severity, Severity::warning);
    EXPECT_EQ(found.subject, "/state");
    EXPECT_EQ(found.message, "it has no name");
    EXPECT_THAT(found.hint, testing::HasSubstr("'- mail-state:/state' under the service"));
    EXPECT_THAT(found.hint, testing::HasSubstr("copy the content of 3f2a to"));
    EXPECT_EQ(make_finding("origin.kind", "redis", "it is a pipe", "a{}b").hint, "Move a{}b away.");
}

TEST(MakeFinding, MayBeMoreSeriousThanItsRow)
{
    EXPECT_EQ(make_finding("origin.read-only", "redis", "", "").severity, Severity::warning);
    EXPECT_EQ(make_finding(Severity::error, "origin.read-only", "redis", "", "").severity, Severity::error);
}

TEST(MakeFinding, PrefersTheHintOfTheErrorWhichKnowsTheCase)
{
    const Error error{EACCES, "open", "/state", "", ""};
    EXPECT_EQ(make_finding("volume.locked", "redis", error).hint,
              "Wait for the other run to end, or raise --lock-timeout.");
    EXPECT_EQ(make_finding("volume.locked", "redis", error).message, describe(error));
    EXPECT_EQ(make_finding("volume.locked", "/state", error).message, "permission denied (open: EACCES)");
    const Error knowing{EACCES, "open", "/state", "", "Ask the administrator."};
    EXPECT_EQ(make_finding("volume.locked", "redis", knowing).hint, "Ask the administrator.");
    EXPECT_EQ(make_finding("run.blocked", "redis", error).hint, "");
}

TEST(MakeFinding, GivesNoRemedyForASignal)
{
    EXPECT_EQ(make_finding("probe.failed", "", Error{ECANCELED, "read", "pipe", "a signal ended it", ""}).hint, "");
}

}  // namespace
}  // namespace mailstate
