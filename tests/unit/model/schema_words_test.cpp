// SPDX-License-Identifier: MIT
// The schemas name what the tables name: abilities and decisions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mailstate/model/ability.hpp"
#include "mailstate/model/decision.hpp"

namespace mailstate {
namespace {

nlohmann::json schema(const char* path)
{
    std::ifstream file(std::string(MAILSTATE_SOURCE_DIR) + "/src/" + path);
    std::stringstream text;
    text << file.rdbuf();
    return nlohmann::json::parse(text.str());
}

template <class Rows>
std::vector<std::string> names_of(const Rows& rows)
{
    std::vector<std::string> names;
    for (const auto& row : rows) names.emplace_back(row.name);
    return names;
}

TEST(SchemaWords, ALayoutNeedsTheAbilitiesOfTheTable)
{
    const auto entry = schema("layouts/layout.schema.json").at("definitions").at("entry").at("properties");
    const std::vector<std::string> needs = entry.at("needs").at("items").at("enum");
    EXPECT_EQ(needs, names_of(abilities));
}

TEST(SchemaWords, AReportHasTheDecisionsOfTheTable)
{
    const std::vector<std::string> decisions =
        schema("report/report.schema.json").at("$defs").at("decision").at("enum");
    EXPECT_THAT(decisions, testing::UnorderedElementsAreArray(names_of(decision_rows)));
}

TEST(DecisionWords, AreOneRowForEach)
{
    for (int number = 0; number <= static_cast<int>(Decision::disabled); ++number) {
        const auto decision = static_cast<Decision>(number);
        EXPECT_EQ(decision_named(name_of(decision)), decision) << number;
    }
    EXPECT_EQ(decision_rows.size(), static_cast<std::size_t>(Decision::disabled) + 1);
    EXPECT_FALSE(decision_named("hover"));
}

}  // namespace
}  // namespace mailstate
