// SPDX-License-Identifier: MIT
// A plan tells what apply sets aside, by a reader alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

class AsideForecast : public ::testing::Test {
protected:
    AsideForecast()
    {
        (void)world.apply();
        world.make_image_layer();
    }

    Plan told()
    {
        return world.with_world([](const World& all) {
            const Survey survey = *probe(all, {});
            Plan plan = make_plan(survey, all.layout, {});
            EXPECT_TRUE(forecast_set_aside(all, survey, plan));
            return plan;
        });
    }

    static const PlanEntry& entry(const Plan& plan, const std::string& name = "redis")
    {
        return *std::ranges::find(plan.entries, name, &PlanEntry::name);
    }

    EngineWorld world;
};

TEST_F(AsideForecast, CountsWhatApplyThenSetsAside)
{
    world.write_file("/var/lib/redis/n1", "new 1");
    world.write_file("/var/lib/redis/sub/n2", "new 2");
    world.write_file("/var/lib/redis/x.tmp", "disposable");
    world.write_file("/etc/secret", "another");
    const Plan plan = told();
    EXPECT_EQ(entry(plan).set_aside.names, 2U);
    EXPECT_EQ(entry(plan).set_aside.bytes, 10U);
    EXPECT_THAT(entry(plan).set_aside.examples, ElementsAre("n1", "sub/n2"));
    EXPECT_EQ(entry(plan, "secret").set_aside.names, 1U);
    EXPECT_EQ(entry(plan, "plain").set_aside.names, 0U);
    const auto found = std::ranges::find(plan.findings, "entry.would-displace", &Finding::code);
    ASSERT_NE(found, plan.findings.end());
    EXPECT_EQ(found->severity, Severity::warning);
    EXPECT_THAT(found->message, HasSubstr("2 names (10 B): n1, sub/n2"));
    const Report report = world.apply();
    EXPECT_EQ(std::ranges::find(report.entries, "redis", &EntryReport::name)->displaced, 2U);
}

TEST_F(AsideForecast, IsEmptyWhereAllIsEqualOrSetAsideAlready)
{
    EXPECT_FALSE(has_finding(told().findings, "entry.would-displace"));
    world.write_file("/var/lib/redis/n1", "new 1");
    (void)world.apply();
    world.make_image_layer();
    world.write_file("/var/lib/redis/n1", "new 1");
    const Plan plan = told();
    EXPECT_EQ(entry(plan).decision, Decision::keep_destination);
    EXPECT_EQ(entry(plan).set_aside, AsideTotals{});
}

TEST_F(AsideForecast, ChangesNothing)
{
    world.write_file("/var/lib/redis/n1", "new 1");
    int changed = 0;
    world.fake.set_hook([&](std::string_view call, std::string_view) {
        static const std::set<std::string_view> reads = {"statx",      "openat2", "read",      "openat",   "getdents64",
                                                         "readlinkat", "fstatfs", "listxattr", "faccessat"};
        changed += reads.contains(call) ? 0 : 1;
        return 0;
    });
    (void)told();
    EXPECT_EQ(changed, 0);
}

TEST_F(AsideForecast, NamesWhatIsSetAsideAgainAndAgain)
{
    for (int i = 1; i <= 5; ++i) {
        world.make_image_layer();
        world.write_file("/etc/secret", "secret " + std::to_string(i));
        (void)world.apply();
    }
    world.make_image_layer();
    world.write_file("/etc/secret", "secret 6");
    EXPECT_TRUE(has_finding(told().findings, "displaced.repeats"));
}

TEST_F(AsideForecast, IsTheWholeDestinationWhereThatIsAnInterruptedCopy)
{
    EngineWorld fresh;
    fresh.make_directory("/var/mail-state/lib-redis");
    fresh.write_file("/var/mail-state/lib-redis/dump.rdb", "prec");
    fresh.with_world([](const World& all) {
        const Survey survey = *probe(all, {});
        Plan plan = make_plan(survey, all.layout, {});
        EXPECT_TRUE(forecast_set_aside(all, survey, plan));
        EXPECT_TRUE(entry(plan).set_aside.whole);
        EXPECT_EQ(entry(plan).set_aside.bytes, 4U);
        return 0;
    });
}

}  // namespace
