// SPDX-License-Identifier: MIT
// Machines of the fake filesystem that share a volume.
#include <gtest/gtest.h>

#include "fake/fake_client.hpp"
#include "fake/fake_filesystem.hpp"

namespace mailstate {

namespace {

class FakeSharing : public ::testing::Test {
protected:
    FakeSharing()
    {
        for (FakeFilesystem* const machine : {&first, &second}) {
            const auto root = *machine->reader().open("/");
            EXPECT_TRUE(machine->writer().make_directory({root, "volume"}, Mode{0755}));
        }
        EXPECT_TRUE(first.mount("/volume", Mount{}));
        EXPECT_TRUE(second.share(first, "/volume", "/volume"));
    }

    static DirectoryRef volume_of(const FakeFilesystem& machine) { return *machine.reader().open("/volume"); }
    static bool has(const FakeFilesystem& machine, const DirectoryRef& at, const char* name)
    {
        return machine.reader().attributes({at, name}).has_value();
    }

    FakeFilesystem first{1}, second{2};
};

}  // namespace

TEST_F(FakeSharing, ShowsWhatTheOtherMachineChanges)
{
    ASSERT_TRUE(first.writer().append_line({volume_of(first), "file"}, "line"));
    EXPECT_EQ(second.reader().read_file({volume_of(second), "file"}, 100).value_or(""), "line\n");
    ASSERT_TRUE(second.writer().make_directory({volume_of(second), "directory"}, Mode{0755}));
    EXPECT_TRUE(has(first, volume_of(first), "directory"));
    EXPECT_EQ(first.reader().location(*first.reader().open("/volume/directory")).value_or(""), "/volume/directory");
}

TEST_F(FakeSharing, LocksExcludeNobodyOnAnotherMachine)
{
    const LockWait moment(std::chrono::milliseconds(1));
    const auto held = first.writer().lock(volume_of(first), moment);
    EXPECT_TRUE(held);
    EXPECT_FALSE(first.writer().lock(volume_of(first), moment));
    EXPECT_TRUE(second.writer().lock(volume_of(second), moment));
}

TEST_F(FakeSharing, RemembersANameUntilItOpensOrChangesTheDirectory)
{
    second.client().forgetful = false;
    const auto old = volume_of(second);
    EXPECT_FALSE(has(second, old, "file"));
    ASSERT_TRUE(first.writer().append_line({volume_of(first), "file"}, "line"));
    ASSERT_TRUE(first.writer().append_line({volume_of(first), "unseen"}, "line"));
    EXPECT_FALSE(has(second, old, "file"));
    EXPECT_TRUE(has(second, old, "unseen"));
    const auto anew = volume_of(second);
    EXPECT_TRUE(has(second, anew, "file"));
    ASSERT_TRUE(first.writer().rename({volume_of(first), "file"}, {volume_of(first), "moved"}, Replace::no));
    EXPECT_TRUE(has(second, anew, "file"));
    ASSERT_TRUE(second.writer().append_line({anew, "own"}, "line"));
    EXPECT_FALSE(has(second, anew, "file"));
    EXPECT_TRUE(has(second, anew, "moved"));
}

TEST_F(FakeSharing, CopiesShareAmongThemselvesWhatTheirModelsShare)
{
    ASSERT_TRUE(first.writer().append_line({volume_of(first), "file"}, "line"));
    auto copies = FakeFilesystem::copies({&first, &second});
    EXPECT_EQ(copies[1].shared_state(), first.shared_state());
    ASSERT_TRUE(copies[0].writer().append_line({volume_of(copies[0]), "new"}, "line"));
    EXPECT_TRUE(has(copies[1], volume_of(copies[1]), "new"));
    EXPECT_FALSE(has(second, volume_of(second), "new"));
    EXPECT_NE(copies[1].shared_state(), first.shared_state());
}

TEST_F(FakeSharing, AnswersAreTheSameHistoryWhateverTheTimeOfTheDay)
{
    EXPECT_EQ(without_times("20261121T020635Z-redis at 2026-11-21T02:06:35Z"),
              "00000000T000000Z-redis at 0000-00-00T00:00:00Z");
    const Digest before = first.client().history;
    (void)first.reader().open("/");
    EXPECT_EQ(first.client().history, before);
    EXPECT_FALSE(has(first, volume_of(first), "file"));
    EXPECT_NE(first.client().history, before);
}

TEST_F(FakeSharing, RenamesWithoutFlagsAsNfsDoes)
{
    FakeQuirks quirks;
    quirks.no_rename_flags = true;
    first.set_quirks(quirks);
    const auto volume = volume_of(first);
    for (const char* name : {"one", "two"}) ASSERT_TRUE(first.writer().append_line({volume, name}, name));
    for (const char* name : {"empty", "full"}) ASSERT_TRUE(first.writer().make_directory({volume, name}, Mode{0755}));
    EXPECT_EQ(first.writer().rename({volume, "one"}, {volume, "two"}, Replace::exchange).error().number, EINVAL);
    EXPECT_EQ(first.writer().rename({volume, "one"}, {volume, "new"}, Replace::never).error().number, EINVAL);
    EXPECT_EQ(first.writer().rename({volume, "one"}, {volume, "two"}, Replace::no).error().number, EEXIST);
    EXPECT_TRUE(first.writer().rename({volume, "one"}, {volume, "new"}, Replace::no));
    EXPECT_FALSE(has(first, volume, "one"));
    EXPECT_TRUE(first.writer().rename({volume, "full"}, {volume, "empty"}, Replace::no));
}

}  // namespace mailstate
