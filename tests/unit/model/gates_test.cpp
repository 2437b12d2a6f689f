// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "mailstate/model/settings.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const Gate clamav{"ENABLE_CLAMAV", 1, true};
const Gate not_smtp_only{"SMTP_ONLY", 1, false};

GateResult result_of(const Gate& gate, const std::string& value)
{
    return evaluate({gate}, {{{gate.variable, value}}});
}

TEST(Gates, AreOpenWhereNoneIsDeclared)
{
    const auto result = evaluate({}, {});
    EXPECT_TRUE(result.open);
    EXPECT_EQ(result.reason, "always");
}

TEST(Gates, SayWhy)
{
    EXPECT_EQ(result_of(clamav, "1").reason, "ENABLE_CLAMAV is 1");
    EXPECT_EQ(result_of(clamav, "0").reason, "ENABLE_CLAMAV is 0");
    EXPECT_EQ(evaluate({clamav}, {}).reason, "ENABLE_CLAMAV is 0");
    EXPECT_EQ(result_of(not_smtp_only, "0").reason, "SMTP_ONLY is not 1");
    EXPECT_EQ(result_of(not_smtp_only, "1").reason, "SMTP_ONLY is 1");
    EXPECT_EQ(result_of(clamav, "true").reason, "ENABLE_CLAMAV is 0 (\"true\" as bash counts)");
    EXPECT_EQ(result_of(clamav, "0x1").reason, "ENABLE_CLAMAV is 1 (\"0x1\" as bash counts)");
}

TEST(Gates, CountAsBashDoes)
{
    for (const auto* on : {"1", "01", "0x1", " 1 ", "+1"}) {
        EXPECT_TRUE(result_of(clamav, on).open) << on;
        EXPECT_FALSE(result_of(not_smtp_only, on).open) << on;
    }
    for (const auto* off : {"0", "", "true", "yes", "2", "10"}) {
        EXPECT_FALSE(result_of(clamav, off).open) << off;
        EXPECT_TRUE(result_of(not_smtp_only, off).open) << off;
        EXPECT_THAT(result_of(clamav, off).findings, IsEmpty()) << off;
    }
}

TEST(Gates, CloseOnASyntaxErrorWhateverTheyAskFor)
{
    for (const auto& gate : {clamav, not_smtp_only}) {
        const auto result = result_of(gate, "1.0");
        EXPECT_FALSE(result.open);
        ASSERT_EQ(result.findings.size(), 1U);
        const auto& finding = result.findings[0];
        EXPECT_EQ(finding.code, "env.syntax");
        EXPECT_EQ(finding.severity, Severity::warning);
        EXPECT_EQ(finding.subject, gate.variable);
        EXPECT_THAT(finding.message, HasSubstr("\"1.0\""));
        EXPECT_EQ(finding.hint, "Set " + gate.variable + " to 0 or 1.");
    }
}

TEST(Gates, ShowHostileValuesHarmless)
{
    const auto result = result_of(clamav, "1\x1b[2J\xff");
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_THAT(result.findings[0].message, HasSubstr(R"(1\x1b[2J\xff)"));
}

TEST(Gates, NameQuotesAndCommentsThatArePartOfTheValue)
{
    for (const auto* value : {"\"1\"", "'1'", "1 # on", "1\t#on"}) {
        const auto result = result_of(clamav, value);
        EXPECT_FALSE(result.open) << value;
        ASSERT_EQ(result.findings.size(), 2U) << value;
        EXPECT_EQ(result.findings[0].code, "env.quotes") << value;
        EXPECT_EQ(result.findings[0].subject, "ENABLE_CLAMAV");
        EXPECT_EQ(result.findings[1].code, "env.syntax") << value;
    }
}

TEST(Gates, AllHaveToBeOpen)
{
    const Gate amavis{"ENABLE_AMAVIS", 1, true};
    const auto both = evaluate({clamav, amavis}, {{{"ENABLE_CLAMAV", "1"}, {"ENABLE_AMAVIS", "1"}}});
    EXPECT_TRUE(both.open);
    EXPECT_EQ(both.reason, "ENABLE_CLAMAV is 1 and ENABLE_AMAVIS is 1");
    const auto one = evaluate({clamav, amavis}, {{{"ENABLE_CLAMAV", "1"}, {"ENABLE_AMAVIS", "0"}}});
    EXPECT_FALSE(one.open);
    EXPECT_EQ(one.reason, "ENABLE_AMAVIS is 0");
}

TEST(Gates, ReportEachBrokenValueEvenBehindAClosedGate)
{
    const Gate amavis{"ENABLE_AMAVIS", 1, true};
    const auto result = evaluate({clamav, amavis}, {{{"ENABLE_CLAMAV", "0"}, {"ENABLE_AMAVIS", "$"}}});
    EXPECT_EQ(result.reason, "ENABLE_CLAMAV is 0");
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.findings[0].subject, "ENABLE_AMAVIS");
}

TEST(Gates, LookUpNamesAsBashDoes)
{
    const Settings settings{{{"ENABLE_CLAMAV", "yes"}, {"yes", "on"}, {"on", "1"}}};
    EXPECT_TRUE(evaluate({clamav}, settings).open);
}

}  // namespace
}  // namespace mailstate
