// SPDX-License-Identifier: MIT
// The ledger of a volume that two runs write to: numbered files, made by compare and swap.
#include "engine/ledger_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/engine/two_runs.hpp"

using namespace mailstate;

namespace {

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

TEST_F(LedgerStore, IsReadAgainWhereACallFailsOnce)
{
    (void)world.apply();
    const DirectoryRef workspace = *world.fake.reader().open("/var/mail-state/.mailstate");
    for (const std::string failing : {"getdents64", "read"})
        for (const int most : {1, 100}) {
            int failures = 0;
            world.fake.set_hook([&](std::string_view call, std::string_view /*path*/) {
                return call == failing && failures++ < most ? EIO : 0;
            });
            EXPECT_EQ(read_newest_ledger(world.fake.reader(), workspace).has_value(), most == 1) << failing;
        }
    world.fake.set_hook({});
}

TEST_F(LedgerStore, EndsThePlanWhereItCannotBeRead)
{
    (void)world.apply();
    world.fake.set_hook([](std::string_view call, std::string_view path) {
        return call == "read" && path.find("/ledger.") != std::string_view::npos ? EIO : 0;
    });
    const Result<Survey> survey = world.with_world([](const World& all) { return probe(all, PlanOptions{}); });
    world.fake.set_hook({});
    ASSERT_FALSE(survey) << "a decision without the ledger";
    EXPECT_EQ(survey.error().number, EIO);
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

// Where locks exclude nobody a run may clear away what another one is writing, as an interrupted run's leftover.
TEST_F(LedgerStore, WritesAnewWhatAnotherRunHasClearedAway)
{
    for (const auto& [call, error] : {std::pair{"fsync", ESTALE}, {"renameat2", ENOENT}}) {
        bool cleared = false;
        world.fake.set_hook([&, call = std::string(call), error = error](std::string_view made, std::string_view path) {
            if (cleared || made != call || path.find("staging/ledger.") == std::string_view::npos) return 0;
            cleared = true;
            return error;
        });
        EXPECT_EQ(world.apply(only(call == std::string("fsync") ? "plain" : "redis")).outcome, Outcome::done) << call;
        EXPECT_TRUE(cleared) << call;
    }
    world.fake.set_hook({});
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
