// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <cerrno>
#include <set>

#include "mailstate/model/plan.hpp"
#include "unit/model/any_bytes.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

constexpr Decision decisions[] = {Decision::in_place,    Decision::restore,  Decision::link,
                                  Decision::create,      Decision::move,     Decision::keep_destination,
                                  Decision::prepare,     Decision::adopt,    Decision::refresh,
                                  Decision::leave_alone, Decision::disabled, Decision::keep_unlinked};

Plan full_plan()
{
    Plan plan;
    plan.tool_version = "1.2.3";
    plan.layout_name = "docker-mailserver";
    plan.layout_version = 2;
    plan.state_dir = "/var/mail-state";
    for (const auto decision : decisions)
        plan.entries.push_back({"redis",
                                "/var/lib/" + any_bytes(),
                                "/var/mail-state/lib-redis",
                                decision,
                                any_bytes(),
                                "origin.mounted",
                                {3, UINT64_MAX},
                                "xxh128:1",
                                true,
                                true,
                                true,
                                0,
                                0,
                                {3, 15, {any_bytes()}, 1, {any_bytes()}, true},
                                {},
                                {}});
    plan.entries.emplace_back();
    plan.findings = {{Severity::error, "a.b", any_bytes(), any_bytes(), "Do it."}, {}};
    plan.options.allow_memory = true;
    plan.renumber = plan.blocked = plan.nothing_to_do = true;
    return plan;
}

TEST(PlanJson, ComesBackAsItWas)
{
    for (const auto& plan : {full_plan(), Plan{}}) {
        const auto back = parse_plan("plan.json", to_json_text(plan));
        ASSERT_TRUE(back) << describe(back.error());
        EXPECT_EQ(*back, plan);
    }
}

TEST(PlanJson, RefusesANewerSchema)
{
    const auto plan = parse_plan("plan.json", R"({"schema": 2})");
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().number, ENOTSUP);
}

TEST(PlanJson, RefusesAnUnknownDecision)
{
    auto text = to_json_text(full_plan());
    const auto at = text.find("\"in-place\"");
    ASSERT_NE(at, std::string::npos);
    const auto plan = parse_plan("plan.json", text.replace(at, 10, "\"remove-all\""));
    ASSERT_FALSE(plan);
    EXPECT_THAT(plan.error().message, HasSubstr("\"remove-all\" is not known here"));
    EXPECT_THAT(plan.error().hint, HasSubstr("\"keep-destination\""));
}

TEST(Plan, HasANameOfItsOwnForEachDecision)
{
    std::set<std::string_view> names;
    for (const auto decision : decisions) names.insert(name_of(decision));
    EXPECT_EQ(names.size(), std::size(decisions));
    EXPECT_FALSE(names.contains("unknown"));
    EXPECT_EQ(name_of(Decision::keep_destination), "keep-destination");
}

TEST(Plan, KnowsWhichDecisionsChangeSomething)
{
    const std::set<Decision> quiet = {Decision::in_place, Decision::keep_unlinked, Decision::leave_alone,
                                      Decision::disabled};
    for (const auto decision : decisions)
        EXPECT_EQ(changes_something(decision), !quiet.contains(decision)) << name_of(decision);
}

}  // namespace
}  // namespace mailstate
