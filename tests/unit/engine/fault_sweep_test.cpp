// SPDX-License-Identifier: MIT
// Every changing call of an apply or a roll back fails once, or fails from there on (as after a kill): no content is
// ever lost, and the next run without faults ends with the tree of a run that was never disturbed.
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "mailstate/engine/displaced.hpp"
#include "support/sanitized.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

bool is_read(std::string_view call)
{
    static const std::set<std::string_view> reads = {"statx",      "openat2", "read",      "openat",   "getdents64",
                                                     "readlinkat", "fstatfs", "listxattr", "faccessat"};
    return reads.contains(call);
}

void apply(EngineWorld& world)
{
    (void)world.apply();
}

void roll_back(EngineWorld& world)
{
    (void)world.roll_back();
}

bool is_applied(EngineWorld& world)
{
    return world.apply().outcome == Outcome::done && !has_changes(world.plan());
}

bool is_rolled_back(EngineWorld& world)
{
    return world.roll_back().outcome == Outcome::done && world.roll_back().changes.empty();
}

// To before the second run, which set aside all of one origin.
void roll_back_to(EngineWorld& world)
{
    RollbackOptions options;
    options.before = 2;
    (void)world.roll_back(options);
}

bool is_rolled_back_to(EngineWorld& world)
{
    RollbackOptions options;
    options.before = 2;
    return world.roll_back(options).outcome == Outcome::done && world.roll_back(options).changes.empty();
}

void two_runs(EngineWorld& world)
{
    ApplyOptions first;
    first.plan.only = {"plain"};
    (void)world.apply(first);
    world.make_directory("/var/mail-state/etc", Mode{0755}, {});
    world.write_file("/var/mail-state/etc/secret", "of the volume");
    world.write_file("/etc/secret", "of the origin, and newer");
    (void)world.apply();
}

std::string set_aside_of_redis(EngineWorld& world)
{
    std::vector<Finding> findings;
    const auto items = world.with_world([&](const World& all) { return *list_displaced(all, findings); });
    for (const DisplacedItem& item : items)
        if (item.entry == "redis" && world.read(item.path + "/dump.rdb") == "precious") return item.id;
    return "";
}

bool restore(EngineWorld& world)
{
    RestoreOptions options;
    options.id = set_aside_of_redis(world);
    return world.with_world([&](const World& all) { return restore_displaced(all, world.fake.writer(), options); })
               .run.outcome == Outcome::done;
}

void try_restore(EngineWorld& world)
{
    (void)restore(world);
}

bool is_restored(EngineWorld& world)
{
    return restore(world) && is_applied(world);
}

// The test of the volume has faults of its own below: here they would only make the sweep long.
bool is_scratch(std::string_view path)
{
    return path.find("/staging/probe.") != std::string_view::npos ||
           path.find("/.mailstate-staging.probe.") != std::string_view::npos;
}

struct Scenario {
    const char* name;
    void (*prepare)(EngineWorld& world);
    void (*act)(EngineWorld& world) = apply;
    bool (*finish)(EngineWorld& world) = is_applied;  // without faults; a second run has nothing to do
};

void first_start(EngineWorld& /*world*/) {}

void second_image(EngineWorld& world)
{
    (void)world.apply();
    world.make_image_layer();
    world.write_file("/var/lib/redis/only-here", "displaced");
}

void renumbered_image(EngineWorld& world)
{
    world.set_user("other", 102);
    world.own("/var/lib/plain/file", {Uid{102}, Gid{102}}, Mode{06755});
    (void)world.apply();
    world.set_user("other", 101);
    world.set_user("redis", 102);
}

void used_after_roll_back(EngineWorld& world)
{
    (void)world.apply();
    (void)world.roll_back();
    world.write_file("/var/lib/redis/dump.rdb", "written by the older version");
    world.remove("/var/lib/redis/sub");
    world.write_file("/etc/secret", "another secret");
}

// On a volume that ignores chown, into a destination that belongs to the service's user.
void as_the_user(EngineWorld& world)
{
    world.layout.entries[0].needs = {Ability::chown};
    world.make_directory("/var/mail-state/lib-redis", Mode{0750}, {Uid{101}, Gid{101}});
    world.fake.set_quirks({true, false});
}

// What a start script's mv left, before mailstate came: not the service's user's, or a refusal would have it worked in
// as that user, where it cannot be set aside whole.
void interrupted_copy(EngineWorld& world)
{
    world.make_directory("/var/mail-state/lib-redis", Mode{0700}, {});
    world.write_file("/var/mail-state/lib-redis/dump.rdb", "prec");
}

void set_aside(EngineWorld& world)
{
    used_after_roll_back(world);
    (void)world.apply();
}

void one_filesystem(EngineWorld& world)
{
    world.put_volume_on_root();
    world.make_directory("/var/mail-state/lib-plain", Mode{0755}, {});
}

constexpr Scenario scenarios[] = {{"first start", first_start},
                                  {"one filesystem", one_filesystem},
                                  {"second image", second_image},
                                  {"renumbered image", renumbered_image},
                                  {"as the user", as_the_user},
                                  {"interrupted copy", interrupted_copy},
                                  {"roll back", apply, roll_back, is_rolled_back},
                                  {"roll back and return", apply, roll_back, is_applied},
                                  {"used after a roll back", used_after_roll_back},
                                  {"roll back to a run", two_runs, roll_back_to, is_rolled_back_to},
                                  {"roll back to a run and return", two_runs, roll_back_to, is_applied},
                                  {"restore", set_aside, try_restore, is_restored}};
constexpr int applies = 6, scenario_count = std::size(scenarios);

// What a service sees, and what was set aside; names with times and random parts are left out.
std::set<std::string> contents(const EngineWorld& world)
{
    std::set<std::string> contents;
    for (const char* top : {"/var/lib", "/etc", "/var/mail-state"})
        for (const auto& [path, content] : world.tree(top))
            if (path.find("ledger") == std::string::npos && path.find(".rollback-") == std::string::npos &&
                path.find("history") == std::string::npos && path.find(".json") == std::string::npos &&
                !content.starts_with("-> "))
                contents.insert(content);
    return contents;
}

std::map<std::string, std::string> visible_state(const EngineWorld& world)
{
    std::map<std::string, std::string> state;
    for (const char* top : {"/var/lib", "/etc", "/var/mail-state"})
        for (const auto& [path, content] : world.tree(top)) {
            if (path.find(".mailstate/") != std::string::npos || path.ends_with("/record")) continue;
            const Attributes item = world.attributes(std::string(top) + "/" +
                                                     (path.ends_with("/") ? path.substr(0, path.size() - 1) : path));
            state[std::string(top) + "/" + path] = content + " " + std::to_string(item.mode.bits) + " " +
                                                   std::to_string(static_cast<std::uint32_t>(item.owner.uid));
        }
    return state;
}

enum class Fails { once, from_then_on };

class FaultSweep : public ::testing::TestWithParam<std::tuple<int, Fails, int>> {};

TEST_P(FaultSweep, LosesNothingAndTheNextRunFinishes)
{
    const auto& [index, fails, number] = GetParam();
    const Scenario& scenario = scenarios[index];
    EngineWorld undisturbed;
    scenario.prepare(undisturbed);
    int calls = 0;
    undisturbed.fake.set_hook([&](std::string_view call, std::string_view path) {
        calls += is_read(call) || is_scratch(path) ? 0 : 1;
        return 0;
    });
    scenario.act(undisturbed);
    undisturbed.fake.set_hook({});
    ASSERT_GT(calls, 10) << scenario.name;
    ASSERT_TRUE(scenario.finish(undisturbed)) << scenario.name;
    const auto wanted = visible_state(undisturbed);

    constexpr int step = is_sanitized ? 8 : 1;
    for (int at = 1 + index % step; at <= calls; at += step) {
        EngineWorld world;
        scenario.prepare(world);
        const std::set<std::string> before = contents(world);
        int seen = 0;
        std::string where;
        world.fake.set_hook([&, fails = fails, number = number](std::string_view call, std::string_view path) {
            if (is_read(call) || is_scratch(path) || ++seen < at) return 0;
            if (seen == at) where = std::string(call) + " " + std::string(path);
            return seen == at || fails == Fails::from_then_on ? number : 0;
        });
        scenario.act(world);
        world.fake.set_hook({});
        const std::set<std::string> between = contents(world);
        for (const std::string& content : before)
            EXPECT_TRUE(between.contains(content)) << scenario.name << ": lost '" << content << "' at " << where;
        EXPECT_TRUE(scenario.finish(world)) << scenario.name << " after " << where;
        EXPECT_EQ(visible_state(world), wanted) << scenario.name << " after " << where;
    }
}

TEST(FaultInTheTest, ARefusalDuringTheTestOfTheVolumeIsMadeGoodByTheNextRun)
{
    EngineWorld undisturbed;
    (void)undisturbed.apply();
    const auto wanted = visible_state(undisturbed);
    for (int at = 1; at <= 80; at += 3) {
        EngineWorld world;
        const std::set<std::string> before = contents(world);
        int seen = 0;
        std::string where;
        world.fake.set_hook([&](std::string_view call, std::string_view path) {
            if (is_read(call) || !is_scratch(path) || ++seen != at) return 0;
            where = std::string(call) + " " + std::string(path);
            return EPERM;
        });
        (void)world.apply();
        world.fake.set_hook({});
        for (const std::string& content : before) EXPECT_TRUE(contents(world).contains(content)) << where;
        EXPECT_EQ(world.apply().outcome, Outcome::done) << where;
        EXPECT_EQ(visible_state(world), wanted) << where;
        EXPECT_FALSE(has_changes(world.plan())) << where;
    }
}

INSTANTIATE_TEST_SUITE_P(EveryCall, FaultSweep,
                         ::testing::Combine(::testing::Range(0, applies),
                                            ::testing::Values(Fails::once, Fails::from_then_on),
                                            ::testing::Values(EIO, ENOSPC, EPERM)));

// EINVAL is what a filesystem without RENAME_EXCHANGE answers to it.
INSTANTIATE_TEST_SUITE_P(EveryCallOfARollBack, FaultSweep,
                         ::testing::Combine(::testing::Range(applies, scenario_count),
                                            ::testing::Values(Fails::once, Fails::from_then_on),
                                            ::testing::Values(EIO, EINVAL)));

}  // namespace
