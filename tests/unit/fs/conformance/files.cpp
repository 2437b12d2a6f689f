// SPDX-License-Identifier: MIT
// Files of our own, reading, the clock and the lock.
#include <unistd.h>

#include <thread>

#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

namespace {

using Names = std::vector<std::string>;
using std::chrono::milliseconds;

}  // namespace

TEST_P(Filesystem, ReplacesAFileAndLeavesNothingBeside)
{
    for (const std::string content : {"first", "", "the third, longer than the first"}) {
        const auto replaced = writer().replace_file({top(), "ledger.json"}, content, Mode{0640}, any_proof());
        ASSERT_TRUE(replaced) << words_of(replaced);
        EXPECT_EQ(content_of("ledger.json"), content);
        EXPECT_EQ(attributes_of("ledger.json").mode, Mode{0640});
        EXPECT_EQ(names(), Names{"ledger.json"});
    }
}

TEST_P(Filesystem, ReplacesALinkAndNotWhatItPointsTo)
{
    make_file("passwd", "kept");
    ASSERT_TRUE(writer().make_link({top(), "ledger.json"}, "passwd"));
    ASSERT_TRUE(writer().replace_file({top(), "ledger.json"}, "text", Mode{0600}, any_proof()));
    EXPECT_EQ(attributes_of("ledger.json").kind, Kind::regular);
    EXPECT_EQ(content_of("passwd"), "kept");
    make_directory("directory");
    EXPECT_EQ(number_of(writer().replace_file({top(), "directory"}, "text", Mode{0600}, any_proof())), EISDIR);
    EXPECT_EQ(names(), (Names{"directory", "ledger.json", "passwd"}));
}

TEST_P(Filesystem, RemovesAFileThatIsStillWhatWasSeenAndNoOther)
{
    make_file("file", "content");
    const Attributes seen = attributes_of("file");
    ground().write_at(path("file"), 7, " and more");
    EXPECT_EQ(number_of(writer().remove_unchanged({top(), "file"}, proof_of(seen))), EBUSY);
    EXPECT_EQ(content_of("file"), "content and more");
    const Attributes now = attributes_of("file");
    ASSERT_TRUE(writer().remove_file({top(), "file"}, any_proof()));
    make_file("other", "content and more");
    ASSERT_TRUE(writer().rename({top(), "other"}, {top(), "file"}, Replace::no));
    const auto another = number_of(writer().remove_unchanged({top(), "file"}, proof_of(now)));
    EXPECT_TRUE(another == ESTALE || another == EBUSY) << another;  // the kernel may give the inode's number again
    EXPECT_EQ(names(), Names{"file"});
    EXPECT_EQ(number_of(writer().remove_unchanged({top(), "file"}, any_proof())), EINVAL);  // of nothing that was seen
    ASSERT_TRUE(writer().remove_unchanged({top(), "file"}, proof_of(attributes_of("file"))));
    EXPECT_EQ(names(), Names{});
    EXPECT_EQ(number_of(writer().remove_unchanged({top(), "file"}, proof_of(now))), ENOENT);
}

TEST_P(Filesystem, AppendsWholeLines)
{
    ASSERT_TRUE(writer().append_line({top(), "history"}, "one"));
    EXPECT_EQ(attributes_of("history").mode, Mode{0600});
    ASSERT_TRUE(writer().append_line({top(), "history"}, "two"));
    EXPECT_EQ(content_of("history"), "one\ntwo\n");
    ground().write_at(path("history"), 8, "torn");
    ASSERT_TRUE(writer().append_line({top(), "history"}, "three"));
    EXPECT_EQ(content_of("history"), "one\ntwo\ntorn\nthree\n");
    EXPECT_EQ(number_of(writer().append_line({top(), "history"}, "a\nb")), EINVAL);
}

TEST_P(Filesystem, AppendsToNoLinkAndNoFifo)
{
    make_file("passwd", "kept");
    ASSERT_TRUE(writer().make_link({top(), "link"}, "passwd"));
    ASSERT_TRUE(writer().make_node({top(), "fifo"}, Kind::fifo, 0));
    EXPECT_EQ(number_of(writer().append_line({top(), "link"}, "line")), ELOOP);
    EXPECT_EQ(number_of(writer().append_line({top(), "fifo"}, "line")), EINVAL);
    EXPECT_EQ(content_of("passwd"), "kept");
}

TEST_P(Filesystem, ReadsWholeFilesWithinALimit)
{
    make_file("file", "12345");
    ASSERT_TRUE(writer().make_node({top(), "fifo"}, Kind::fifo, 0));
    EXPECT_EQ(reader().read_file({top(), "file"}, 5).value_or(""), "12345");
    EXPECT_EQ(number_of(reader().read_file({top(), "file"}, 4)), EFBIG);
    EXPECT_EQ(number_of(reader().read_file({top(), "fifo"}, 4)), EINVAL);
    EXPECT_EQ(number_of(reader().read_file({top(), "absent"}, 4)), ENOENT);
    EXPECT_EQ(number_of(reader().read_link({top(), "file"})), EINVAL);
    const auto absent = find(reader(), {top(), "absent"});
    ASSERT_TRUE(absent) << words_of(absent);
    EXPECT_FALSE(absent->has_value());
}

TEST_P(Filesystem, DigestsContentAndNotNames)
{
    make_file("one", "content");
    make_file("two", "content");
    make_file("other", "contenT");
    const auto digest = [&](const std::string& name) { return reader().digest({top(), name}, attributes_of(name)); };
    EXPECT_EQ(*digest("one"), *digest("two"));
    EXPECT_NE(*digest("one"), *digest("other"));
    EXPECT_EQ(number_of(reader().digest({top(), "one"}, attributes_of("two"))), ESTALE);
}

TEST_P(Filesystem, ListsManyNames)
{
    Names expected;
    const auto many = make_directory("many");
    for (int i = 0; i < 2500; ++i) {
        expected.push_back(std::string(40, 'x') + std::to_string(i));
        ASSERT_TRUE(writer().make_link({many, expected.back()}, "text"));
    }
    std::ranges::sort(expected);
    EXPECT_EQ(names(many), expected);
    EXPECT_EQ(names(many), expected);  // from the beginning once more
}

TEST_P(Filesystem, Syncs)
{
    make_file("file", "content");
    EXPECT_TRUE(writer().sync_directory(top()));
    EXPECT_TRUE(writer().sync_filesystem(top()));
    const auto facts = reader().filesystem(top());
    ASSERT_TRUE(facts) << words_of(facts);
    EXPECT_FALSE(facts->read_only);
    EXPECT_GT(facts->free_bytes, 0U);
}

TEST_P(Filesystem, HasAClockThatDividesChanges)
{
    for (int round = 0; round < 20; ++round) {
        make_file("before", "content");
        const auto now = writer().clock(top());
        ASSERT_TRUE(now) << words_of(now);
        ASSERT_TRUE(writer().make_link({top(), "after"}, "text"));  // at once: nothing is synced that would take a tick
        EXPECT_LE(attributes_of("before").ctime, *now);
        EXPECT_GT(attributes_of("after").ctime, *now);
        ASSERT_TRUE(
            writer().change_ownership({top(), "before"}, attributes_of("before"), {Uid{9}, Gid{9}}, Mode{0600}));
        EXPECT_GT(attributes_of("before").ctime, *now);
        ASSERT_TRUE(writer().remove_file({top(), "after"}, any_proof()));
    }
    EXPECT_EQ(names(), Names{"before"});
}

TEST_P(Filesystem, LocksOutASecondWriterAndNamesTheFirst)
{
    auto first = writer().lock(top(), milliseconds(0));
    ASSERT_TRUE(first) << words_of(first);
    const auto second = writer().lock(top(), milliseconds(120));
    ASSERT_EQ(number_of(second), EWOULDBLOCK);
    const std::string pid = "held by pid " + std::to_string(reader().holder().pid);
    EXPECT_NE(words_of(second).find(pid), std::string::npos) << words_of(second);
    EXPECT_NE(content_of("lock").find(std::to_string(reader().holder().pid)), std::string::npos);
    EXPECT_EQ(attributes_of("lock").mode, Mode{0600});
    first->reset();
    EXPECT_EQ(content_of("lock"), "");
    EXPECT_TRUE(writer().lock(top(), milliseconds(0)));
    EXPECT_EQ(names(), Names{"lock"});
}

TEST_P(Filesystem, WaitsForALockThatIsLetGo)
{
    auto first = writer().lock(top(), milliseconds(0));
    ASSERT_TRUE(first) << words_of(first);
    std::thread holder([&] {
        std::this_thread::sleep_for(milliseconds(150));
        first->reset();
    });
    const auto begin = std::chrono::steady_clock::now();
    const auto second = writer().lock(top(), milliseconds(20'000));
    holder.join();
    EXPECT_TRUE(second) << words_of(second);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(100));
}

TEST_P(Filesystem, StopsWaitingForALockWhenItIsTold)
{
    const auto first = writer().lock(top(), milliseconds(0));
    ASSERT_TRUE(first) << words_of(first);
    int asked = 0;
    const auto second = writer().lock(top(), {milliseconds(60'000), [&] { return ++asked < 3; }});
    EXPECT_EQ(number_of(second), ECANCELED);
    EXPECT_GE(asked, 3);
}

// A proof of what was seen lets nothing else go, whichever call takes it.
TEST_P(Filesystem, ProofsAreOfOneFileAsItWasSeen)
{
    make_file("file", "content");
    make_file("new", "new");
    const Attributes seen = attributes_of("file");
    EXPECT_NE(number_of(writer().remove_file({top(), "new"}, proof_of(seen))), 0);
    ground().write_at(path("file"), 7, " and more");
    EXPECT_EQ(number_of(writer().remove_file({top(), "file"}, proof_of(seen))), EBUSY);
    EXPECT_EQ(number_of(writer().replace({top(), "new"}, {top(), "file"}, proof_of(seen))), EBUSY);
    EXPECT_EQ(number_of(writer().replace_file({top(), "file"}, "text", Mode{0600}, proof_of(seen))), EBUSY);
    EXPECT_EQ(content_of("file"), "content and more");
    EXPECT_TRUE(writer().replace({top(), "new"}, {top(), "file"}, proof_of(attributes_of("file"))));
    EXPECT_EQ(content_of("file"), "new");
    EXPECT_TRUE(writer().remove_file({top(), "file"}, proof_of(attributes_of("file"))));
    EXPECT_EQ(names(), Names{});
}

TEST_P(Filesystem, AProofOfAnEmptyDirectoryLetsNothingElseGo)
{
    make_file("file", "content");
    make_directory("directory");
    const Proof empty = ProofForTests::of_empty_directory();
    EXPECT_EQ(number_of(writer().remove_file({top(), "file"}, empty)), EINVAL);
    EXPECT_EQ(number_of(writer().replace_file({top(), "file"}, "text", Mode{0600}, empty)), EINVAL);
    ASSERT_TRUE(writer().make_link({top(), "link"}, "text"));
    EXPECT_EQ(number_of(writer().replace({top(), "link"}, {top(), "file"}, empty)), EINVAL);
    EXPECT_TRUE(writer().remove_directory({top(), "directory"}, empty));
    EXPECT_EQ(content_of("file"), "content");
}

TEST_P(Filesystem, MakesASmallFileWhereNoneIs)
{
    ASSERT_TRUE(writer().make_file({top(), "file"}, "text", Mode{0640}));
    EXPECT_EQ(content_of("file"), "text");
    EXPECT_EQ(attributes_of("file").mode, Mode{0640});
    EXPECT_EQ(number_of(writer().make_file({top(), "file"}, "other", Mode{0600})), EEXIST);
    ASSERT_TRUE(writer().make_link({top(), "link"}, "nowhere"));
    EXPECT_EQ(number_of(writer().make_file({top(), "link"}, "other", Mode{0600})), EEXIST);
    EXPECT_EQ(content_of("file"), "text");
    EXPECT_EQ(names(), (Names{"file", "link"}));
}

TEST_P(Filesystem, LocksNoLink)
{
    make_file("passwd", "kept");
    ASSERT_TRUE(writer().make_link({top(), "lock"}, "passwd"));
    EXPECT_EQ(number_of(writer().lock(top(), milliseconds(0))), ELOOP);
    EXPECT_EQ(content_of("passwd"), "kept");
}

}  // namespace mailstate
