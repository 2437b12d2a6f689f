// SPDX-License-Identifier: MIT
// A mount that is adopted, and what its copy on the volume survives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "mailstate/engine/displaced.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::IsEmpty;

namespace {

constexpr const char* origin = "/var/lib/redis";
constexpr const char* copy = "/var/mail-state/lib-redis";
constexpr const char* displaced = "/var/mail-state/.mailstate/displaced";

class AdoptingAMount : public ::testing::Test {
protected:
    AdoptingAMount()
    {
        world.make_directory("/srv", Mode{0755}, {});
        given_disk("/srv/redis");
        world.write_file("/srv/redis/dump.rdb", "first");
        world.write_file("/srv/redis/only", "only here");
        mount("/srv/redis");
        adopt.plan.adopt_mounts = true;
    }

    void given_disk(const std::string& path) { world.make_directory(path); }
    void mount(const std::string& source) { ASSERT_TRUE(world.fake.bind(source, origin)); }
    void unmount() { ASSERT_TRUE(world.fake.unmount(origin)); }
    void empty(const std::string& path)
    {
        for (const auto& [name, content] : world.tree(path))
            if (name.find('/') == std::string::npos) world.remove(path + "/" + name);
    }

    [[nodiscard]] std::size_t times_set_aside(const std::string& content) const
    {
        const auto tree = world.tree(displaced);
        return static_cast<std::size_t>(
            std::count_if(tree.begin(), tree.end(), [&](const auto& item) { return item.second == content; }));
    }
    [[nodiscard]] std::size_t generations() const
    {
        const auto tree = world.tree(displaced);
        return static_cast<std::size_t>(
            std::count_if(tree.begin(), tree.end(), [&](const auto& item) { return item.first.ends_with(".json"); }));
    }
    Decision decision(const PlanOptions& options = {}) { return world.plan(options).entries.at(0).decision; }

    EngineWorld world;
    ApplyOptions adopt;
};

TEST_F(AdoptingAMount, IsRefreshedFromTheSameMountAndSetsAsideWhatGoes)
{
    (void)world.apply(adopt);
    world.remove("/srv/redis/only");
    world.write_file("/srv/redis/new", "came later");
    const Report report = world.apply();
    EXPECT_EQ(world.read(std::string(copy) + "/new"), "came later");
    EXPECT_FALSE(world.exists(std::string(copy) + "/only"));
    EXPECT_EQ(times_set_aside("only here"), 1U);
    EXPECT_TRUE(has_finding(report.findings, "adoption.displaced"));
    EXPECT_FALSE(has_changes(world.plan()));
    EXPECT_TRUE(world.tree("/var/mail-state/.mailstate/staging").empty());
}

TEST_F(AdoptingAMount, SetsTheOlderContentOfAChangedFileAsideWhateverItsTime)
{
    (void)world.apply(adopt);
    world.write_file("/srv/redis/dump.rdb", "a newer and longer one");
    (void)world.apply();
    EXPECT_EQ(world.read(std::string(copy) + "/dump.rdb"), "a newer and longer one");
    EXPECT_EQ(times_set_aside("first"), 1U);
    EXPECT_EQ(times_set_aside("only here"), 0U);  // it stays in the copy
}

TEST_F(AdoptingAMount, SetsNothingAsideWhereTheMountOnlyGrew)
{
    (void)world.apply(adopt);
    world.write_file("/srv/redis/new", "came later");
    (void)world.apply();
    EXPECT_EQ(world.read(std::string(copy) + "/new"), "came later");
    EXPECT_THAT(world.tree(displaced), IsEmpty());
}

TEST_F(AdoptingAMount, SurvivesAMountThatIsEmptyOrAnother)
{
    (void)world.apply(adopt);
    const auto before = world.tree(copy);
    empty("/srv/redis");
    EXPECT_TRUE(has_finding(world.apply().findings, "adoption.empty-mount"));
    EXPECT_EQ(world.tree(copy), before);
    unmount();
    given_disk("/srv/other");
    world.write_file("/srv/other/a", "1");
    world.write_file("/srv/other/b", "2, and longer than what was there");
    mount("/srv/other");
    for (const ApplyOptions& options : {ApplyOptions(), adopt}) {
        EXPECT_TRUE(has_finding(world.apply(options).findings, "adoption.another-mount"));
        EXPECT_EQ(world.tree(copy), before);
    }
}

TEST_F(AdoptingAMount, FollowsAnEmptyMountWhenThatIsConfirmedAndKeepsWhatItHad)
{
    (void)world.apply(adopt);
    empty("/srv/redis");
    (void)world.apply(adopt);
    EXPECT_THAT(world.tree(copy), IsEmpty());
    EXPECT_EQ(times_set_aside("only here"), 1U);
    EXPECT_EQ(times_set_aside("first"), 1U);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(AdoptingAMount, IsNotRefreshedWhereSomebodyHasWrittenIntoTheCopy)
{
    (void)world.apply(adopt);
    world.write_file(std::string(copy) + "/mail", "a mail");
    world.write_file("/srv/redis/new", "came later");
    EXPECT_TRUE(has_finding(world.apply().findings, "adoption.changed-copy"));
    EXPECT_EQ(world.read(std::string(copy) + "/mail"), "a mail");
    world.remove(std::string(copy) + "/mail");
    EXPECT_EQ(decision(), Decision::refresh);
}

TEST_F(AdoptingAMount, SurvivesNewNumbersOfItsUsers)
{
    (void)world.apply(adopt);
    world.set_user("redis", 150);
    (void)world.apply();
    world.write_file("/srv/redis/new", "came later");
    EXPECT_EQ(decision(), Decision::refresh);
}

TEST_F(AdoptingAMount, KeepsTheNewestAndTheLargestOfWhatWasTakenAway)
{
    (void)world.apply(adopt);
    const std::string large(40'000, 'x');
    for (const std::string& content : {std::string("small 1"), large, std::string("small 2"), std::string("small 3")}) {
        world.write_file("/srv/redis/passing", content);
        (void)world.apply(adopt);
        world.remove("/srv/redis/passing");
        (void)world.apply(adopt);
    }
    EXPECT_EQ(generations(), 2U);
    EXPECT_EQ(times_set_aside(large), 1U);
    EXPECT_EQ(times_set_aside("small 3"), 1U);
    EXPECT_EQ(times_set_aside("small 1"), 0U);
}

TEST_F(AdoptingAMount, GoesOnWhereAPersonHasPrunedAGeneration)
{
    (void)world.apply(adopt);
    world.remove("/srv/redis/only");
    (void)world.apply();
    PruneOptions all;
    (void)world.with_world(
        [&](const World& all_of_it) { return prune_displaced(all_of_it, world.fake.writer(), all); });
    ASSERT_THAT(world.tree(displaced), IsEmpty());
    world.write_file("/srv/redis/only", "again");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(AdoptingAMount, IsRefreshedWhereNamesCannotBeExchanged)
{
    (void)world.apply(adopt);
    world.remove("/srv/redis/only");
    world.write_file("/srv/redis/new", "came later");
    bool refused = false;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        if (call != "renameat2" || refused || path.find("staging/redis.") == std::string_view::npos) return 0;
        refused = true;
        return EINVAL;
    });
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    world.fake.set_hook({});
    EXPECT_TRUE(refused);
    EXPECT_EQ(world.read(std::string(copy) + "/new"), "came later");
    EXPECT_EQ(times_set_aside("only here"), 1U);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(AdoptingAMount, EndsWhereNothingIsMountedAndNoLinkIsMade)
{
    (void)world.apply(adopt);
    ApplyOptions no_link;
    no_link.plan.no_link = true;
    (void)world.apply(no_link);  // it is mounted: nothing ends
    world.write_file("/srv/redis/new", "came later");
    EXPECT_EQ(decision(), Decision::refresh);
    unmount();
    (void)world.apply(no_link);
    mount("/srv/redis");
    EXPECT_EQ(decision(), Decision::leave_alone);
    EXPECT_TRUE(has_finding(world.plan().findings, "origin.mounted"));
}

TEST_F(AdoptingAMount, EndsWithTheLink)
{
    (void)world.apply(adopt);
    unmount();
    (void)world.apply();
    EXPECT_EQ(world.read_link(origin), copy);
    world.remove(origin);
    world.make_directory(origin);
    mount("/srv/redis");
    world.write_file("/srv/redis/new", "came later");
    EXPECT_TRUE(has_finding(world.plan().findings, "origin.mounted"));
}

TEST_F(AdoptingAMount, IsFinishedByTheNextRunWhereverARefreshIsCutOff)
{
    for (int cut = 0;; ++cut) {
        EngineWorld fresh;
        fresh.make_directory("/srv", Mode{0755}, {});
        fresh.make_directory("/srv/redis");
        fresh.write_file("/srv/redis/dump.rdb", "first");
        fresh.write_file("/srv/redis/only", "only here");
        ASSERT_TRUE(fresh.fake.bind("/srv/redis", origin));
        (void)fresh.apply(adopt);
        fresh.remove("/srv/redis/only");
        fresh.write_file("/srv/redis/new", "came later");
        int calls = 0;
        bool dead = false;
        fresh.fake.set_hook([&](std::string_view call, std::string_view) {
            static const std::set<std::string_view> changing = {"renameat2", "unlinkat", "mkdirat", "openat",
                                                                "symlinkat"};
            if (changing.contains(call) && calls++ == cut) dead = true;
            return dead ? EIO : 0;  // nothing works any more: as good as a kill
        });
        (void)fresh.apply();
        fresh.fake.set_hook({});
        const bool whole = !dead;
        EXPECT_EQ(fresh.apply().outcome, Outcome::done) << cut;
        EXPECT_EQ(fresh.read(std::string(copy) + "/new"), "came later") << cut;
        const auto tree = fresh.tree(displaced);
        EXPECT_TRUE(std::any_of(tree.begin(), tree.end(), [](const auto& item) { return item.second == "only here"; }))
            << cut;
        EXPECT_FALSE(has_changes(fresh.plan())) << cut;
        if (whole) break;
    }
}

// The state directory and an origin, one inside the other: by a link, by a mount, by the same part of one filesystem.
class Nesting : public ::testing::Test {
protected:
    const Finding* finding(const std::string& code)
    {
        plan_ = world.plan();
        const auto found = std::find_if(plan_.findings.begin(), plan_.findings.end(),
                                        [&](const Finding& each) { return each.code == code; });
        return found == plan_.findings.end() ? nullptr : &*found;
    }
    void expect_named(const std::string& code)
    {
        ASSERT_NE(finding(code), nullptr);
        EXPECT_EQ(finding(code)->subject, "redis");
        EXPECT_EQ(finding(code)->severity, Severity::error);
        (void)world.apply();
        EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
        EXPECT_EQ(world.read_link("/var/lib/plain"), "/var/mail-state/lib-plain");  // the others go on
    }

    EngineWorld world;

private:
    Plan plan_;
};

TEST_F(Nesting, NamesAVolumeThatIsInsideAnOriginByABindMount)
{
    world.make_directory("/var/lib/redis/state");
    ASSERT_TRUE(world.fake.unmount("/var/mail-state"));
    ASSERT_TRUE(world.fake.bind("/var/lib/redis/state", "/var/mail-state"));
    expect_named("origin.holds-volume");
}

TEST_F(Nesting, NamesAVolumeThatIsInsideAnOriginByALink)
{
    world.make_directory("/var/lib/redis/state");
    ASSERT_TRUE(world.fake.unmount("/var/mail-state"));
    world.remove("/var/mail-state");
    world.make_link("/var/mail-state", "/var/lib/redis/state");
    ASSERT_TRUE(world.fake.mount("/var/lib/redis/state", Mount{}));
    ASSERT_NE(finding("origin.holds-volume"), nullptr);
    ApplyOptions adopt;
    adopt.plan.adopt_mounts = true;
    (void)world.apply(adopt);
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
}

TEST_F(Nesting, NamesAnOriginThatIsInsideTheVolume)
{
    world.make_directory("/var/mail-state/elsewhere");
    world.write_file("/var/mail-state/elsewhere/dump.rdb", "precious");
    ASSERT_TRUE(world.fake.bind("/var/mail-state/elsewhere", "/var/lib/redis"));
    expect_named("origin.in-volume");
}

TEST_F(Nesting, TellsNeighboursOfOneFilesystemApart)
{
    world.make_directory("/srv", Mode{0755}, {});
    ASSERT_TRUE(world.fake.mount("/srv", Mount{}));
    for (const std::string name : {"/srv/state", "/srv/state-of-redis"}) world.make_directory(name);
    world.write_file("/srv/state-of-redis/dump.rdb", "precious");
    ASSERT_TRUE(world.fake.bind("/srv/state", "/var/mail-state"));
    ASSERT_TRUE(world.fake.bind("/srv/state-of-redis", "/var/lib/redis"));
    EXPECT_NE(finding("origin.mounted"), nullptr);
}

TEST_F(Nesting, TakesTheDestinationItselfForInPlace)
{
    world.make_directory("/var/mail-state/lib-redis");
    ASSERT_TRUE(world.fake.bind("/var/mail-state/lib-redis", "/var/lib/redis"));
    EXPECT_EQ(world.plan().entries.at(0).decision, Decision::in_place);
}

}  // namespace
