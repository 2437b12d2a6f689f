// SPDX-License-Identifier: MIT
// Two runs on one volume whose lock excludes nobody: what the other one does is done from a hook, between two calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "engine/ledger_store.hpp"
#include "unit/engine/engine_world.hpp"

using namespace mailstate;
using ::testing::IsEmpty;

namespace {

const std::string staging = "/var/mail-state/.mailstate/staging";
const std::string of_another = "redis.0123456789abcdef";

// Once, before the first call of this name on a path that holds a word.
struct Before {
    std::string_view call, word;
    std::function<void()> act;
    bool done = false;

    int operator()(std::string_view now, std::string_view path)
    {
        if (done || now != call || path.find(word) == std::string_view::npos) return 0;
        done = true;
        act();
        return 0;
    }
};

class TwoRuns : public ::testing::Test {
protected:
    // What the hook itself does with the filesystem is not asked about.
    void set_hook(FakeHook hook)
    {
        world.fake.set_hook([this, hook = std::move(hook)](std::string_view call, std::string_view path) {
            if (inside_ || !hook) return 0;
            inside_ = true;
            const int number = hook(call, path);
            inside_ = false;
            return number;
        });
    }
    // What another machine does behind our back.
    void rename(const std::string& from, const std::string& to)
    {
        const auto split = [](const std::string& path) {
            const std::size_t slash = path.rfind('/');
            return std::pair{path.substr(0, slash), path.substr(slash + 1)};
        };
        const auto [from_parent, name] = split(from);
        const auto [to_parent, to_name] = split(to);
        const Reader& reader = world.fake.reader();
        const auto done =
            world.fake.writer().rename(*reader.open(from_parent), name, *reader.open(to_parent), to_name, Replace::no);
        EXPECT_TRUE(done) << describe(done.error());
    }
    std::string staged_copy()
    {
        if (!world.exists(staging)) return {};
        for (const auto& [name, content] : world.tree(staging))
            if (name.starts_with("redis.") && name.find('/') == name.size() - 1)
                return staging + "/" + name.substr(0, name.size() - 1);
        return {};
    }
    void expect_whole_origin()
    {
        EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_EQ(world.read("/var/lib/redis/sub/more"), "more of it");
    }
    [[nodiscard]] bool is_set_aside(const std::string& content) const
    {
        const auto kept = world.tree("/var/mail-state/.mailstate/displaced");
        return std::any_of(kept.begin(), kept.end(), [&](const auto& item) { return item.second == content; });
    }
    void leave_staging(const std::string& name, const std::string& file, const std::string& content)
    {
        if (!world.exists(staging + "/" + name)) world.make_directory(staging + "/" + name, Mode{0700}, {});
        world.write_file(staging + "/" + name + "/" + file, content);
    }
    // Without an exchange, as on NFS: the origin is emptied in steps.
    static int refuse_exchange(std::string_view call, std::string_view path)
    {
        return call == "renameat2" && path.ends_with("/.mailstate-redis") ? EINVAL : 0;
    }

    EngineWorld world;

private:
    bool inside_ = false;
};

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

class LedgerStore : public TwoRuns {
protected:
    [[nodiscard]] std::vector<std::string> files() const
    {
        std::vector<std::string> names;
        for (const auto& [name, content] : world.tree("/var/mail-state/.mailstate"))
            if (name.starts_with("ledger")) names.push_back(name);
        return names;
    }
    ApplyOptions only(const std::string& name)
    {
        ApplyOptions options;
        options.plan.only = {name};
        return options;
    }
};

TEST_F(LedgerStore, NumbersItsFilesAndKeepsAFew)
{
    for (int i = 0; i < 4; ++i) {
        world.make_image_layer();
        (void)world.apply();
    }
    EXPECT_EQ(files().size(), 3U);
    EXPECT_FALSE(world.exists("/var/mail-state/.mailstate/ledger.json"));
    EXPECT_FALSE(has_changes(world.plan()));
    const auto before = files();
    (void)world.apply();
    EXPECT_EQ(files(), before) << "nothing to change, nothing to write";
}

TEST_F(LedgerStore, ReadsTheOneWithoutANumber)
{
    (void)world.apply();
    const std::string ledger = world.newest_ledger();
    for (const std::string& name : files()) world.remove("/var/mail-state/.mailstate/" + name);
    world.write_file("/var/mail-state/.mailstate/ledger.json", ledger);
    EXPECT_FALSE(has_changes(world.plan()));
}

TEST_F(LedgerStore, TakesOverWhatAnotherRunHasWrittenMeanwhile)
{
    (void)world.apply(only("plain"));
    std::string theirs = world.newest_ledger();
    Before write{"renameat2", "staging/ledger.", [&] {
                     theirs.insert(theirs.find("\"plain\""), R"("other": {"phase": "linked", "files": 7, "bytes": 0,
                                   "fingerprint": "", "staging": "", "since": ""}, )");
                     const auto numbers =
                         *ledger_numbers(world.fake.reader(), *world.fake.reader().open("/var/mail-state/.mailstate"));
                     world.write_file("/var/mail-state/.mailstate/" + ledger_name(numbers.back() + 1), theirs);
                 }};
    set_hook(std::ref(write));
    EXPECT_EQ(world.apply(only("redis")).outcome, Outcome::done);
    set_hook({});
    ASSERT_TRUE(write.done);
    const auto ledger = parse_ledger("ledger", world.newest_ledger());
    ASSERT_TRUE(ledger) << describe(ledger.error());
    EXPECT_TRUE(ledger->entries.contains("other"));
    EXPECT_TRUE(ledger->entries.contains("plain"));
    EXPECT_EQ(ledger->entries.at("redis").phase, Phase::linked);
}

TEST_F(LedgerStore, SkipsANumberThatIsStillBeingWritten)
{
    (void)world.apply(only("plain"));
    world.write_file("/var/mail-state/.mailstate/ledger.70.json", "");
    EXPECT_EQ(world.apply(only("redis")).outcome, Outcome::done);
    EXPECT_TRUE(world.exists("/var/mail-state/.mailstate/ledger.71.json"));
    const auto ledger = parse_ledger("ledger", world.newest_ledger());
    ASSERT_TRUE(ledger);
    EXPECT_TRUE(ledger->entries.contains("plain"));
}

// Numbers are translated once, by who has read the newest ledger.
TEST_F(LedgerStore, TranslatesNothingWhereAnotherRunHasWrittenMeanwhile)
{
    (void)world.apply();
    const std::string theirs = world.newest_ledger();
    world.set_user("redis", 150);
    Before write{"renameat2", "staging/ledger.", [&] {
                     const auto numbers =
                         *ledger_numbers(world.fake.reader(), *world.fake.reader().open("/var/mail-state/.mailstate"));
                     world.write_file("/var/mail-state/.mailstate/" + ledger_name(numbers.back() + 1), theirs);
                 }};
    set_hook(std::ref(write));
    EXPECT_EQ(world.apply().outcome, Outcome::locked);
    set_hook({});
    ASSERT_TRUE(write.done);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner.uid, Uid{101});
    EXPECT_EQ(world.apply().outcome, Outcome::done);
    EXPECT_EQ(world.attributes("/var/mail-state/lib-redis/dump.rdb").owner.uid, Uid{150});
}

}  // namespace
