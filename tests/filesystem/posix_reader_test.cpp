// SPDX-License-Identifier: MIT
// CAUTION: tests with mounts need root; they make them in a mount namespace of their own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cerrno>

#include "filesystem/reader_below.hpp"
#include "fs/digest.hpp"
#include "support/error_of.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int file_count = 400;  // with names of 200 bytes: several batches

std::vector<std::string> rest_of(Listing& listing)
{
    std::vector<std::string> all, batch;
    for (;;) {
        const auto next = listing.next(batch);
        EXPECT_TRUE(next) << describe(next.error());
        if (!next || batch.empty()) return all;
        all.insert(all.end(), batch.begin(), batch.end());
    }
}

TEST_F(PosixReaderTest, NeedsARootThatIsADirectory)
{
    scratch_.make_file("file");
    EXPECT_EQ(error_of(make_posix_reader(scratch_.path("missing"))), ENOENT);
    EXPECT_EQ(error_of(make_posix_reader(scratch_.path("file"))), ENOTDIR);
}

TEST_F(PosixReaderTest, NamesADirectoryAsSeenBelowTheRoot)
{
    scratch_.make_directory("var/lib");
    const auto directory = open("/var/lib/");
    EXPECT_EQ(directory->path().text(), "/var/lib");
    EXPECT_EQ(reader_->attributes({directory, "redis"}).error().subject, "/var/lib/redis");
}

TEST_F(PosixReaderTest, TakesAbsolutePathsOnly)
{
    for (const auto& path : {std::string(), std::string("var"), std::string("/a\0b", 4)})
        EXPECT_EQ(error_of(reader_->open(path)), EINVAL);
}

TEST_F(PosixReaderTest, ListsEveryNameOnce)
{
    scratch_.make_directory("many");
    std::vector<std::string> expected;
    for (int i = 0; i < file_count; ++i) {
        expected.push_back(std::string(200, 'n') + std::to_string(i));
        scratch_.make_file("many/" + expected.back());
    }
    const auto listing = reader_->list(open("/many"));
    ASSERT_TRUE(listing);
    EXPECT_THAT(rest_of(**listing), testing::UnorderedElementsAreArray(expected));
}

TEST_F(PosixReaderTest, ListsOddNames)
{
    scratch_.make_file("new\nline");
    scratch_.make_file("\xff\xfe");
    scratch_.make_file("...");
    scratch_.make_file(std::string(255, 'n'));
    const auto listing = reader_->list(open("/"));
    EXPECT_THAT(rest_of(**listing), UnorderedElementsAre("new\nline", "\xff\xfe", "...", std::string(255, 'n')));
}

TEST_F(PosixReaderTest, EndsAnEmptyListingAtOnceAndAgain)
{
    const auto listing = reader_->list(open("/"));
    std::vector<std::string> names{"left over"};
    ASSERT_TRUE((*listing)->next(names));
    EXPECT_THAT(names, IsEmpty());
    ASSERT_TRUE((*listing)->next(names));
    EXPECT_THAT(names, IsEmpty());
}

TEST_F(PosixReaderTest, KeepsTwoListingsOfADirectoryApart)
{
    for (int i = 0; i < file_count; ++i) scratch_.make_file(std::string(200, 'n') + std::to_string(i));
    const auto directory = open("/");
    const auto first = reader_->list(directory);
    std::vector<std::string> batch;
    ASSERT_TRUE((*first)->next(batch));
    const auto taken = batch.size();
    ASSERT_LT(taken, std::size_t{file_count});
    const auto second = reader_->list(directory);
    EXPECT_EQ(rest_of(**second).size(), std::size_t{file_count});
    EXPECT_EQ(taken + rest_of(**first).size(), std::size_t{file_count});
}

TEST_F(PosixReaderTest, KeepsADirectoryThatIsMovedAway)
{
    scratch_.make_directory("a/inner");
    const auto directory = open("/a");
    boost::filesystem::rename(scratch_.path("a"), scratch_.path("b"));
    scratch_.make_directory("a/planted");
    const auto listing = reader_->list(directory);
    EXPECT_THAT(rest_of(**listing), ElementsAre("inner"));
    EXPECT_EQ(*reader_->location(directory), Path("/b"));
}

TEST_F(PosixReaderTest, EntersNoLinkAndNoFile)
{
    scratch_.make_directory("directory");
    scratch_.make_link("link", "directory");
    scratch_.make_file("file");
    const auto root = open("/");
    EXPECT_TRUE(reader_->open_directory({root, "directory"}, Cross::no));
    EXPECT_THAT(error_of(reader_->open_directory({root, "link"}, Cross::yes)), testing::AnyOf(ELOOP, ENOTDIR));
    EXPECT_EQ(error_of(reader_->open_directory({root, "file"}, Cross::yes)), ENOTDIR);
    EXPECT_EQ(error_of(reader_->open_directory({root, "missing"}, Cross::yes)), ENOENT);
    EXPECT_EQ(error_of(reader_->open_directory({root, ".."}, Cross::yes)), EINVAL);
}

TEST_F(PosixReaderTest, EntersAMountOnlyWhenAsked)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("origin");
    scratch_.make_directory("bind");
    const TestMount bind(scratch_.path("origin"), scratch_.path("bind"), nullptr, MS_BIND);
    const auto root = open("/");
    EXPECT_EQ(error_of(reader_->open_directory({root, "bind"}, Cross::no)), EXDEV);
    const auto inside = reader_->open_directory({root, "bind"}, Cross::yes);
    ASSERT_TRUE(inside);
    EXPECT_TRUE(reader_->attributes(*inside)->mount_root);
    EXPECT_TRUE(same_inode(*reader_->attributes(*inside), *reader_->attributes({root, "origin"})));
    EXPECT_NE(reader_->attributes(*inside)->mount_id, reader_->attributes(root)->mount_id);
}

TEST_F(PosixReaderTest, FindsAbsenceAValue)
{
    scratch_.make_file("file", "1234");
    scratch_.make_link("dangling", "nowhere");
    const auto root = open("/");
    EXPECT_EQ(find(*reader_, {root, "missing"})->has_value(), false);
    EXPECT_EQ((*find(*reader_, {root, "file"}))->size, 4U);
    EXPECT_EQ((*find(*reader_, {root, "dangling"}))->kind, Kind::symlink);
    EXPECT_EQ(error_of(find(*reader_, {root, "a/b"})), EINVAL);
}

TEST_F(PosixReaderTest, ReadsAWholeFileUpToALimit)
{
    scratch_.make_file("file", "content");
    scratch_.make_file("empty");
    const auto root = open("/");
    EXPECT_EQ(*reader_->read_file({root, "file"}, 7), "content");
    EXPECT_EQ(*reader_->read_file({root, "empty"}, 0), "");
    EXPECT_EQ(error_of(reader_->read_file({root, "file"}, 6)), EFBIG);
    EXPECT_EQ(error_of(reader_->read_file({root, "missing"}, 6)), ENOENT);
}

TEST_F(PosixReaderTest, ReadsNothingButRegularFiles)
{
    scratch_.make_directory("directory");
    scratch_.make_file("file");
    scratch_.make_link("link", "file");
    ASSERT_EQ(::mkfifo(scratch_.path("fifo").c_str(), 0600), 0);
    const auto root = open("/");
    for (const auto* name : {"directory", "link", "fifo"})
        EXPECT_EQ(error_of(reader_->read_file({root, name}, 100)), EINVAL) << name;
}

TEST_F(PosixReaderTest, DigestsWhatWasSeen)
{
    const std::string large(300'000, 'x');
    scratch_.make_file("large", large);
    scratch_.make_file("empty");
    const auto root = open("/");
    EXPECT_EQ(*reader_->digest({root, "large"}, *reader_->attributes({root, "large"})), digest_of(large));
    EXPECT_EQ(*reader_->digest({root, "empty"}, *reader_->attributes({root, "empty"})), digest_of(""));
    EXPECT_EQ(error_of(reader_->digest({root, "large"}, *reader_->attributes({root, "empty"}))), ESTALE);
}

TEST_F(PosixReaderTest, ReadsAndDigestsABeginning)
{
    const std::string large = std::string(100'000, 'x') + std::string(200'000, 'y');
    scratch_.make_file("large", large);
    const auto root = open("/");
    const Attributes seen = *reader_->attributes({root, "large"});
    for (const std::size_t bytes : {std::size_t{0}, std::size_t{1}, std::size_t{150'000}, std::size_t{400'000}}) {
        const std::string beginning = large.substr(0, bytes);
        EXPECT_EQ(*reader_->digest_of_beginning({root, "large"}, seen, bytes), digest_of(beginning)) << bytes;
        EXPECT_EQ(*reader_->read_beginning({root, "large"}, bytes), beginning) << bytes;
    }
    EXPECT_EQ(error_of(reader_->read_beginning({root, "absent"}, 1)), ENOENT);
}

TEST_F(PosixReaderTest, LeavesAccessTimesAlone)
{
    scratch_.make_directory("directory");
    scratch_.make_file("directory/file", "content");
    const std::array<timespec, 2> times{{{1'000'000'000, 7}, {1'700'000'000, 0}}};
    for (const auto* below : {"directory/file", "directory"})
        ASSERT_EQ(::utimensat(AT_FDCWD, scratch_.path(below).c_str(), times.data(), 0), 0);
    const auto directory = open("/directory");
    EXPECT_EQ(rest_of(**reader_->list(directory)).size(), 1U);
    EXPECT_TRUE(reader_->read_file({directory, "file"}, 100));
    EXPECT_TRUE(reader_->digest({directory, "file"}, *reader_->attributes({directory, "file"})));
    EXPECT_EQ(reader_->attributes(directory)->atime, (Timestamp{1'000'000'000, 7}));
    EXPECT_EQ(reader_->attributes({directory, "file"})->atime, (Timestamp{1'000'000'000, 7}));
}

}  // namespace
}  // namespace mailstate
