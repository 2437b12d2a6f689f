// SPDX-License-Identifier: MIT
// Two runs on one volume whose lock excludes nobody: what the other one does is done from a hook, between two calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "unit/engine/two_runs.hpp"

using namespace mailstate;

namespace {

TEST_F(TwoRuns, LeaveAnOriginWholeWhoseCopyWasClaimed)
{
    Before claim{"renameat2", "staging/redis.",
                 [&] { rename(staged_copy(), staging + "/" + of_another + ".fedcba9876543210"); }};
    set_hook(std::ref(claim));
    const Report report = world.apply();
    set_hook({});
    ASSERT_TRUE(claim.done);
    expect_whole_origin();
    EXPECT_FALSE(world.exists("/var/mail-state/lib-redis"));
    EXPECT_TRUE(has_finding(report.findings, "volume.shared"));
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
}

TEST_F(TwoRuns, LeaveAnOriginWholeWhereTheOtherWasFaster)
{
    Before publish{"renameat2", "staging/redis.", [&] {
                       world.make_directory("/var/mail-state/lib-redis");
                       world.write_file("/var/mail-state/lib-redis/theirs", "theirs");
                   }};
    set_hook(std::ref(publish));
    const Report report = world.apply();
    set_hook({});
    ASSERT_TRUE(publish.done);
    expect_whole_origin();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/theirs"), "theirs");
    EXPECT_TRUE(has_finding(report.findings, "volume.shared"));
    EXPECT_TRUE(world.tree(staging).empty());
    (void)world.apply();  // a later start finds the other's state, and sets aside what only this one had
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/theirs"), "theirs");
    EXPECT_TRUE(is_set_aside("precious"));
}

// Published, and then displaced by another run before the origin is touched.
TEST_F(TwoRuns, LookAgainAtWhatWasPublished)
{
    for (const bool is_replaced : {false, true}) {
        Before take{"renameat2", "/ledger", [&] {
                        if (!world.exists("/var/mail-state/lib-redis")) return;
                        rename("/var/mail-state/lib-redis", "/var/mail-state/taken" + std::to_string(is_replaced));
                        if (is_replaced) world.make_directory("/var/mail-state/lib-redis");
                    }};
        ApplyOptions only;
        only.plan.only = {"redis"};
        set_hook([&](std::string_view call, std::string_view path) {
            if (!world.exists("/var/mail-state/lib-redis")) return 0;
            return take(call, path);
        });
        const Report report = world.apply(only);
        set_hook({});
        ASSERT_TRUE(take.done);
        expect_whole_origin();
        EXPECT_TRUE(has_finding(report.findings, "volume.shared")) << is_replaced;
    }
}

TEST_F(TwoRuns, DropACopyOfTheirOwnOriginThatWasInterrupted)
{
    // Ends the run while it copies: nothing can be removed either.
    set_hook([&](std::string_view call, std::string_view path) {
        const bool dead = world.exists("/var/mail-state/.mailstate/staging") && !staged_copy().empty();
        return dead && call != "statx" && path.find("mail-state") != std::string_view::npos ? EIO : 0;
    });
    (void)world.apply();
    set_hook({});
    const std::string copy = staged_copy();
    ASSERT_NE(copy, "");
    world.write_file(copy + "/half of a file", "prec");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_FALSE(is_set_aside("prec"));
    EXPECT_TRUE(world.tree(staging).empty());
}

TEST_F(TwoRuns, SetAsideWhatOnlyACopyOfAnotherOriginHas)
{
    (void)world.apply();
    world.make_image_layer();
    leave_staging(of_another, "only-here", "of a container that is gone");
    leave_staging(of_another, "dump.rdb", "precious");  // the destination has it
    world.write_file("/var/lib/redis/fresh", "of the new image");
    leave_staging(of_another, "fresh", "of the new image");  // the origin has it
    const Report report = world.apply();
    EXPECT_EQ(report.outcome, Outcome::done);
    EXPECT_TRUE(is_set_aside("of a container that is gone"));
    EXPECT_FALSE(is_set_aside("precious"));
    EXPECT_TRUE(has_finding(report.findings, "entry.displaced"));
    EXPECT_TRUE(world.tree(staging).empty());
    const auto kept = world.tree("/var/mail-state/.mailstate/displaced");
    leave_staging(of_another, "only-here", "of a container that is gone");
    (void)world.apply();
    EXPECT_EQ(world.tree("/var/mail-state/.mailstate/displaced").size(), kept.size()) << "once is enough";
}

// Killed while it set aside what only a copy had: the beginning of a file was set aside as if it were another one.
TEST_F(TwoRuns, SetAsideOnceWhatAKilledRunWasSettingAside)
{
    for (const std::string aside : {"redis-displaced.0000000000000001", "redis-displaced.ffffffffffffffff"}) {
        EngineWorld fresh;
        (void)fresh.apply();
        fresh.make_image_layer();
        for (const auto& [in, begun] : {std::pair{of_another, "of a container that is gone"}, {aside, "of a cont"}}) {
            fresh.make_directory(staging + "/" + in, Mode{0700}, {});
            fresh.write_file(staging + "/" + in + "/only-here", begun);
        }
        fresh.write_file(staging + "/" + aside + "/alone", "of an origin that is gone");
        EXPECT_EQ(fresh.apply().outcome, Outcome::done);
        std::vector<std::string> kept;
        for (const auto& [name, content] : fresh.tree("/var/mail-state/.mailstate/displaced"))
            if (name.ends_with("only-here") || name.ends_with("alone")) kept.push_back(content);
        EXPECT_THAT(kept, testing::UnorderedElementsAre("of a container that is gone", "of an origin that is gone"));
        EXPECT_TRUE(fresh.tree(staging).empty());
    }
}

// Taken for nothing, all of the copy counted as unique.
TEST_F(TwoRuns, SetAsideNoCopyWhoseOriginCannotBeRead)
{
    (void)world.apply();
    world.make_image_layer();
    leave_staging(of_another, "only-here", "of a container that is gone");
    world.write_file("/var/lib/redis/fresh", "of the new image");
    leave_staging(of_another, "fresh", "of the new image");
    bool claimed = false;
    int refused = 0;
    set_hook([&](std::string_view call, std::string_view path) {
        claimed = claimed || (call == "renameat2" && path.find(of_another) != std::string_view::npos);
        const bool refuse = claimed && path == "/var/lib/redis" && call == "openat2";
        refused += refuse ? 1 : 0;
        return refuse ? EIO : 0;
    });
    (void)world.apply();
    set_hook({});
    ASSERT_GT(refused, 0);
    EXPECT_FALSE(is_set_aside("of the new image"));
    EXPECT_FALSE(is_set_aside("of a container that is gone"));
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_TRUE(is_set_aside("of a container that is gone"));
    EXPECT_TRUE(world.tree(staging).empty());
}

TEST_F(TwoRuns, SetAsideOnceTheBeginningOfAFileThatIsSetAside)
{
    (void)world.apply();
    for (const auto& [name, content] :
         {std::pair{"secret.0123456789abcdef", "of another container"}, {"secret.0123456789abcdee", "of another"}}) {
        world.write_file(staging + "/" + name, content);
        (void)world.apply();
    }
    EXPECT_TRUE(is_set_aside("of another container"));
    EXPECT_FALSE(is_set_aside("of another"));
    EXPECT_TRUE(world.tree(staging).empty());
}

TEST_F(TwoRuns, SetAsideACopyOfAFileThatNothingElseHas)
{
    (void)world.apply();
    world.write_file(staging + "/secret.0123456789abcdef", "of another container");
    (void)world.apply();
    EXPECT_TRUE(is_set_aside("of another container"));
    world.write_file(staging + "/secret.0123456789abcdef", "s3cret");  // the destination's
    (void)world.apply();
    EXPECT_FALSE(is_set_aside("s3cret"));
    EXPECT_TRUE(world.tree(staging).empty());
}

// The other run removes what it has claimed while this one copies into it.
TEST_F(TwoRuns, SurviveThatTheirStagingIsSweptWhileTheyCopy)
{
    Before sweep{"syncfs", "", [&] { world.remove(staged_copy()); }};
    set_hook([&](std::string_view call, std::string_view path) {
        return call == "syncfs" && !staged_copy().empty() ? sweep(call, path) : 0;
    });
    const Report report = world.apply();
    set_hook({});
    ASSERT_TRUE(sweep.done);
    EXPECT_EQ(report.entries.front().decision, Decision::move);
    EXPECT_EQ(report.entries.front().outcome, EntryOutcome::failed);
    expect_whole_origin();
}

TEST_F(TwoRuns, ReplaceNoFileThatCameInPlaceOfAnEmptyOne)
{
    world.make_directory("/var/mail-state/etc", Mode{0755}, {});
    world.write_file("/var/mail-state/etc/secret", "");
    Before publish{"renameat2", "/etc/secret", [&] { world.write_file("/var/mail-state/etc/secret", "theirs"); }};
    set_hook(std::ref(publish));
    const Report report = world.apply();
    set_hook({});
    ASSERT_TRUE(publish.done);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "theirs");
    EXPECT_EQ(world.read("/etc/secret"), "s3cret");
    EXPECT_TRUE(has_finding(report.findings, "volume.shared"));
}

TEST_F(TwoRuns, FillAnEmptyFile)
{
    world.make_directory("/var/mail-state/etc", Mode{0755}, {});
    world.write_file("/var/mail-state/etc/secret", "");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/var/mail-state/etc/secret"), "s3cret");
    EXPECT_EQ(world.read_link("/etc/secret"), "/var/mail-state/etc/secret");
}

// The link cannot be made, and somebody has written to what was published: it is not ours to remove any more.
TEST_F(TwoRuns, PutBackADestinationThatAnotherRunHasWrittenTo)
{
    set_hook([&](std::string_view call, std::string_view path) {
        if (call != "symlinkat" || path.find("redis") == std::string_view::npos) return 0;
        world.write_file("/var/mail-state/lib-redis/theirs", "theirs");
        return ENOSPC;
    });
    (void)world.apply();
    set_hook({});
    expect_whole_origin();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/theirs"), "theirs");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
}

TEST_F(TwoRuns, LeaveADestinationThatIsNotTheirOwn)
{
    set_hook([&](std::string_view call, std::string_view path) {
        if (call != "symlinkat" || path.find("redis") == std::string_view::npos) return 0;
        if (world.exists("/var/mail-state/ours")) return ENOSPC;
        rename("/var/mail-state/lib-redis", "/var/mail-state/ours");
        world.make_directory("/var/mail-state/lib-redis");
        world.write_file("/var/mail-state/lib-redis/theirs", "theirs");
        return ENOSPC;
    });
    (void)world.apply();
    set_hook({});
    expect_whole_origin();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/theirs"), "theirs");
}

TEST_F(TwoRuns, SetAsideWhatCannotBePutBack)
{
    set_hook([&](std::string_view call, std::string_view path) {
        if (call == "symlinkat" && path.find("redis") != std::string_view::npos) {
            world.write_file("/var/mail-state/lib-redis/written", "by their service");
            return ENOSPC;
        }
        const bool taken = world.exists("/var/mail-state/.mailstate/staging") && call == "renameat2" &&
                           path.find("redis-taken") != std::string_view::npos &&
                           path.find("/staging/") != std::string_view::npos;
        if (taken && !world.exists("/var/mail-state/lib-redis")) {
            world.make_directory("/var/mail-state/lib-redis");
            world.write_file("/var/mail-state/lib-redis/theirs", "theirs");
        }
        return 0;
    });
    (void)world.apply();
    set_hook({});
    expect_whole_origin();
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/theirs"), "theirs");
    EXPECT_TRUE(is_set_aside("by their service"));
}

// Killed while the origin is emptied in steps, after a roll back that nothing was written since: the half that is left
// was taken for the newer state.
TEST_F(TwoRuns, FinishAnOriginThatWasTakenUpAgainAndHalfEmptied)
{
    ASSERT_EQ(world.apply().outcome, Outcome::done);
    ASSERT_EQ(world.roll_back().outcome, Outcome::done);
    int removed = 0;
    set_hook([&](std::string_view call, std::string_view path) {
        if (refuse_exchange(call, path) != 0 && removed == 0) return EINVAL;
        const bool of_origin = call == "unlinkat" && path.starts_with("/var/lib/redis/");
        return (of_origin && ++removed > 1) || (removed > 1 && call != "statx") ? EIO : 0;
    });
    (void)world.apply();
    set_hook({});
    ASSERT_FALSE(world.exists("/var/lib/redis/dump.rdb") && world.exists("/var/lib/redis/sub/more"));
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read_link("/var/lib/redis"), "/var/mail-state/lib-redis");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/dump.rdb"), "precious");
    EXPECT_EQ(world.read("/var/mail-state/lib-redis/sub/more"), "more of it");
}

class InPlace : public TwoRuns {
protected:
    InPlace()
    {
        world.make_directory("/srv", Mode{0755}, {});
        world.make_directory("/srv/redis");
        world.make_directory("/var/mail-state/lib-redis");
        EXPECT_TRUE(world.fake.bind("/srv/redis", "/var/mail-state/lib-redis"));
    }
};

// Two that fill one mount: each would see its own names there.
TEST_F(InPlace, LeaveAnOriginWholeWhereTheDestinationHasAnothersNames)
{
    Before fill{"renameat2", "/dump.rdb", [&] { world.write_file("/srv/redis/theirs", "theirs"); }};
    set_hook(std::ref(fill));
    const Report report = world.apply();
    set_hook({});
    ASSERT_TRUE(fill.done);
    expect_whole_origin();
    EXPECT_TRUE(has_finding(report.findings, "volume.shared"));
}

TEST_F(InPlace, LeaveAnOriginWholeWhereANameWasTakenFromTheDestination)
{
    Before take{"renameat2", "/ledger", [&] { rename("/srv/redis/sub", "/srv/gone"); }};
    set_hook([&](std::string_view call, std::string_view path) {
        return world.exists("/srv/redis/sub/more") ? take(call, path) : 0;
    });
    (void)world.apply();
    set_hook({});
    ASSERT_TRUE(take.done);
    expect_whole_origin();
}

TEST_F(InPlace, SetAsideWhatOnlyTheStagingOfAnotherOriginHas)
{
    const std::string left = "/srv/redis/.mailstate-staging.0123456789abcdef";
    world.make_directory(left, Mode{0700}, {});
    world.write_file(left + "/only-here", "of a container that is gone");
    world.write_file(left + "/dump.rdb", "precious");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_TRUE(is_set_aside("of a container that is gone"));
    EXPECT_FALSE(is_set_aside("precious"));
    EXPECT_EQ(world.read("/srv/redis/dump.rdb"), "precious");
    EXPECT_FALSE(world.exists(left));
}

TEST_F(InPlace, SetAsideOnceWhatAKilledRunWasSettingAside)
{
    const std::string left = "/srv/redis/.mailstate-staging.0123456789abcdef";
    world.make_directory(left, Mode{0700}, {});
    world.write_file(left + "/only-here", "of a container that is gone");
    world.make_directory("/var/mail-state/.mailstate", Mode{0700}, {});
    world.make_directory(staging, Mode{0700}, {});
    leave_staging("redis-displaced.fedcba9876543210", "only-here", "of a");
    leave_staging("redis-displaced.fedcba9876543210", "alone", "of an origin that is gone");
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_TRUE(is_set_aside("of a container that is gone"));
    EXPECT_TRUE(is_set_aside("of an origin that is gone"));
    EXPECT_FALSE(is_set_aside("of a"));
    EXPECT_TRUE(world.tree(staging).empty());
    EXPECT_FALSE(world.exists(left));
}

// The ledger's word alone, without the staging that it names, makes no populated destination a vacant one.
TEST_F(InPlace, IsNotFilledBecauseALedgerSaysSo)
{
    ASSERT_EQ(world.apply().outcome, Outcome::done);
    world.make_image_layer();
    std::string ledger = world.newest_ledger();
    const std::size_t at = ledger.find("\"linked\"");
    ASSERT_NE(at, std::string::npos);
    ledger.replace(at, 8, "\"publishing\"");
    world.write_file("/var/mail-state/.mailstate/ledger.99.json", ledger);
    world.write_file("/var/lib/redis/dump.rdb", "of the image");
    for (const PlanEntry& entry : world.plan().entries) EXPECT_NE(entry.decision, Decision::move);
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.read("/srv/redis/dump.rdb"), "precious");
    EXPECT_TRUE(is_set_aside("of the image"));
}

}  // namespace
