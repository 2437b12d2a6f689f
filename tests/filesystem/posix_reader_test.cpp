// SPDX-License-Identifier: MIT
// CAUTION: tests with mounts need root; they make them in a mount namespace of their own.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <limits>

#include "fs/digest.hpp"
#include "fs/posix_filesystem.hpp"
#include "support/error_of.hpp"
#include "support/mount_namespace.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr int file_count = 400;  // with names of 200 bytes: several batches

std::unique_ptr<Reader> reader_below(const Path& root)
{
    auto made = make_posix_reader(root);
    if (!made) throw std::runtime_error(describe(made.error()));
    return std::move(made).value();
}

class PosixReaderTest : public testing::Test {
protected:
    // Before the reader opens its root: a descriptor shows the mounts of the namespace that it was opened in.
    static void SetUpTestSuite() { (void)enter_private_mount_namespace(); }

    [[nodiscard]] DirectoryRef open(const std::string& absolute) const
    {
        auto opened = reader_->open(absolute);
        if (!opened) throw std::runtime_error(describe(opened.error()));
        return std::move(opened).value();
    }
    [[nodiscard]] std::vector<std::string> attribute_names(const DirectoryRef& at, std::string_view name) const
    {
        const auto attributes = reader_->extended_attributes(at, name);
        EXPECT_TRUE(attributes) << describe(attributes.error());
        std::vector<std::string> names;
        for (const auto& attribute : *attributes) names.push_back(attribute.name);
        return names;
    }
    void set_attribute(const std::string& below, const char* name, const std::string& value) const
    {
        EXPECT_EQ(::lsetxattr(scratch_.path(below).c_str(), name, value.data(), value.size(), 0), 0)
            << name << " of " << below << ": " << std::strerror(errno);
    }

    Scratch scratch_;
    std::unique_ptr<Reader> reader_ = reader_below(scratch_.path());
};

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
    EXPECT_EQ(reader_->attributes(directory, "redis").error().subject, "/var/lib/redis");
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
    EXPECT_TRUE(reader_->open_directory(root, "directory", Cross::no));
    EXPECT_THAT(error_of(reader_->open_directory(root, "link", Cross::yes)), testing::AnyOf(ELOOP, ENOTDIR));
    EXPECT_EQ(error_of(reader_->open_directory(root, "file", Cross::yes)), ENOTDIR);
    EXPECT_EQ(error_of(reader_->open_directory(root, "missing", Cross::yes)), ENOENT);
    EXPECT_EQ(error_of(reader_->open_directory(root, "..", Cross::yes)), EINVAL);
}

TEST_F(PosixReaderTest, EntersAMountOnlyWhenAsked)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("origin");
    scratch_.make_directory("bind");
    const TestMount bind(scratch_.path("origin"), scratch_.path("bind"), nullptr, MS_BIND);
    const auto root = open("/");
    EXPECT_EQ(error_of(reader_->open_directory(root, "bind", Cross::no)), EXDEV);
    const auto inside = reader_->open_directory(root, "bind", Cross::yes);
    ASSERT_TRUE(inside);
    EXPECT_TRUE(reader_->attributes(*inside)->mount_root);
    EXPECT_TRUE(same_inode(*reader_->attributes(*inside), *reader_->attributes(root, "origin")));
    EXPECT_NE(reader_->attributes(*inside)->mount_id, reader_->attributes(root)->mount_id);
}

TEST_F(PosixReaderTest, FindsAbsenceAValue)
{
    scratch_.make_file("file", "1234");
    scratch_.make_link("dangling", "nowhere");
    const auto root = open("/");
    EXPECT_EQ(find(*reader_, root, "missing")->has_value(), false);
    EXPECT_EQ((*find(*reader_, root, "file"))->size, 4U);
    EXPECT_EQ((*find(*reader_, root, "dangling"))->kind, Kind::symlink);
    EXPECT_EQ(error_of(find(*reader_, root, "a/b")), EINVAL);
}

TEST_F(PosixReaderTest, ReadsAWholeFileUpToALimit)
{
    scratch_.make_file("file", "content");
    scratch_.make_file("empty");
    const auto root = open("/");
    EXPECT_EQ(*reader_->read_file(root, "file", 7), "content");
    EXPECT_EQ(*reader_->read_file(root, "empty", 0), "");
    EXPECT_EQ(error_of(reader_->read_file(root, "file", 6)), EFBIG);
    EXPECT_EQ(error_of(reader_->read_file(root, "missing", 6)), ENOENT);
}

TEST_F(PosixReaderTest, ReadsNothingButRegularFiles)
{
    scratch_.make_directory("directory");
    scratch_.make_file("file");
    scratch_.make_link("link", "file");
    ASSERT_EQ(::mkfifo(scratch_.path("fifo").c_str(), 0600), 0);
    const auto root = open("/");
    for (const auto* name : {"directory", "link", "fifo"})
        EXPECT_EQ(error_of(reader_->read_file(root, name, 100)), EINVAL) << name;
}

TEST_F(PosixReaderTest, DigestsWhatWasSeen)
{
    const std::string large(300'000, 'x');
    scratch_.make_file("large", large);
    scratch_.make_file("empty");
    const auto root = open("/");
    EXPECT_EQ(*reader_->digest(root, "large", *reader_->attributes(root, "large")), digest_of(large));
    EXPECT_EQ(*reader_->digest(root, "empty", *reader_->attributes(root, "empty")), digest_of(""));
    EXPECT_EQ(error_of(reader_->digest(root, "large", *reader_->attributes(root, "empty"))), ESTALE);
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
    EXPECT_TRUE(reader_->read_file(directory, "file", 100));
    EXPECT_TRUE(reader_->digest(directory, "file", *reader_->attributes(directory, "file")));
    EXPECT_EQ(reader_->attributes(directory)->atime, (Timestamp{1'000'000'000, 7}));
    EXPECT_EQ(reader_->attributes(directory, "file")->atime, (Timestamp{1'000'000'000, 7}));
}

TEST_F(PosixReaderTest, ReadsExtendedAttributesSorted)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    set_attribute("t/file", "trusted.z", std::string("a\0b", 3));
    set_attribute("t/file", "trusted.empty", "");
    set_attribute("t/file", "security.a", std::string(5000, 'x'));
    const auto attributes = reader_->extended_attributes(open("/t"), "file");
    ASSERT_TRUE(attributes);
    EXPECT_THAT(*attributes, ElementsAre(ExtendedAttribute{"security.a", std::string(5000, 'x')},
                                         ExtendedAttribute{"trusted.empty", ""},
                                         ExtendedAttribute{"trusted.z", std::string("a\0b", 3)}));
}

TEST_F(PosixReaderTest, ReadsALongListOfExtendedAttributes)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    for (int i = 100; i < 300; ++i) set_attribute("t/file", ("trusted.number" + std::to_string(i)).c_str(), "v");
    EXPECT_EQ(attribute_names(open("/t"), "file").size(), 200U);
}

TEST_F(PosixReaderTest, LeavesOutAttributesOfThePlace)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    set_attribute("t/file", "trusted.overlay.opaque", "y");
    set_attribute("t/file", "security.selinux", "system_u:object_r:mail_spool_t:s0");
    set_attribute("t/file", "trusted.overlaid", "kept");
    EXPECT_THAT(attribute_names(open("/t"), "file"), ElementsAre("trusted.overlaid"));
}

TEST_F(PosixReaderTest, ReadsExtendedAttributesOfEveryKindWithoutFollowing)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_directory("t/directory");
    scratch_.make_link("t/link", "directory");
    ASSERT_EQ(::mkfifo(scratch_.path("t/fifo").c_str(), 0600), 0);
    set_attribute("t/directory", "trusted.of-directory", "1");
    set_attribute("t/link", "trusted.of-link", "1");
    set_attribute("t/fifo", "trusted.of-fifo", "1");
    const auto at = open("/t");
    EXPECT_THAT(attribute_names(at, "directory"), ElementsAre("trusted.of-directory"));
    EXPECT_THAT(attribute_names(at, "link"), ElementsAre("trusted.of-link"));
    EXPECT_THAT(attribute_names(at, "fifo"), ElementsAre("trusted.of-fifo"));
    EXPECT_THAT(attribute_names(open("/t/directory"), "."), ElementsAre("trusted.of-directory"));
    EXPECT_EQ(error_of(reader_->extended_attributes(at, "missing")), ENOENT);
    EXPECT_EQ(error_of(reader_->extended_attributes(at, "../file")), EINVAL);
}

TEST_F(PosixReaderTest, HasNoExtendedAttributesWhereTheFilesystemHasNone)
{
    const auto proc = reader_below("/");
    const auto directory = proc->open("/proc/self");
    ASSERT_TRUE(directory);
    const auto attributes = proc->extended_attributes(*directory, "status");
    ASSERT_TRUE(attributes) << describe(attributes.error());
    EXPECT_THAT(*attributes, IsEmpty());
}

TEST_F(PosixReaderTest, DescribesATmpfs)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("mail", scratch_.path("t"), "tmpfs", MS_NOSUID, "size=1m,nr_inodes=100");
    const auto facts = reader_->filesystem(open("/t"));
    ASSERT_TRUE(facts) << describe(facts.error());
    EXPECT_EQ(facts->type, "tmpfs");
    EXPECT_EQ(facts->source, "mail");
    EXPECT_EQ(facts->kind, FilesystemClass::memory);
    EXPECT_TRUE(facts->nosuid);
    EXPECT_FALSE(facts->read_only);
    EXPECT_EQ(facts->free_bytes, 1U << 20U);
    EXPECT_EQ(facts->free_inodes, 99U);
    EXPECT_NE(facts->options.find("nr_inodes=100"), std::string::npos);
}

TEST_F(PosixReaderTest, DescribesAReadOnlyFilesystemThatCountsNoInodes)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("r");
    const TestMount ramfs("none", scratch_.path("r"), "ramfs", MS_RDONLY);
    const auto facts = reader_->filesystem(open("/r"));
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->kind, FilesystemClass::memory);
    EXPECT_TRUE(facts->read_only);
    EXPECT_EQ(facts->free_inodes, std::numeric_limits<std::uint64_t>::max());
}

TEST_F(PosixReaderTest, DescribesAnOverlay)
{
    NEEDS_PRIVATE_MOUNTS();
    for (const auto* name : {"t", "o"}) scratch_.make_directory(name);
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    for (const auto* name : {"t/lower", "t/upper", "t/work"}) scratch_.make_directory(name);
    const TestMount overlay("overlay", scratch_.path("o"), "overlay", 0,
                            "lowerdir=" + scratch_.path("t/lower") + ",upperdir=" + scratch_.path("t/upper") +
                                ",workdir=" + scratch_.path("t/work"));
    const auto facts = reader_->filesystem(open("/o"));
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->kind, FilesystemClass::overlay);
    EXPECT_EQ(facts->type, "overlay");
}

TEST_F(PosixReaderTest, SeesMountsFromBelowTheRoot)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("var/mail state");
    const TestMount tmpfs("none", scratch_.path("var/mail state"), "tmpfs", 0);
    const auto mounts = reader_->mounts();
    ASSERT_TRUE(mounts) << describe(mounts.error());
    ASSERT_NE(mounts->at("/var/mail state"), nullptr);
    EXPECT_EQ(mounts->at("/var/mail state")->fs_type, "tmpfs");
    EXPECT_EQ(mounts->at("/var"), nullptr);
    EXPECT_EQ(mounts->below("/").size(), 1U);
    const auto id = static_cast<std::uint64_t>(mounts->at("/var/mail state")->id);
    EXPECT_EQ(reader_->attributes(open("/var"), "mail state")->mount_id, id);
}

TEST_F(PosixReaderTest, FollowsStackedMountsAsTheKernelDoes)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("a/b");
    const TestMount hidden("none", scratch_.path("a/b"), "tmpfs", 0);
    const TestMount lower("none", scratch_.path("a"), "tmpfs", 0);
    const TestMount upper("none", scratch_.path("a"), "tmpfs", 0);
    scratch_.make_directory("a/b");
    const auto mounts = reader_->mounts();
    ASSERT_TRUE(mounts);
    ASSERT_NE(mounts->at("/a"), nullptr);
    EXPECT_EQ(static_cast<std::uint64_t>(mounts->at("/a")->id), reader_->attributes(open("/a"))->mount_id);
    EXPECT_EQ(mounts->at("/a/b"), nullptr);
    EXPECT_EQ(static_cast<std::uint64_t>(mounts->covering("/a/b")->id), reader_->attributes(open("/a/b"))->mount_id);
}

TEST_F(PosixReaderTest, KnowsWhereADirectoryReallyStands)
{
    scratch_.make_directory("volume/lib-redis");
    scratch_.make_directory("var/lib");
    scratch_.make_link("var/lib/redis", "/volume/lib-redis");
    const auto directory = open("/var/lib/redis");
    EXPECT_EQ(directory->path().text(), "/var/lib/redis");
    EXPECT_EQ(*reader_->location(directory), Path("/volume/lib-redis"));
    EXPECT_EQ(*reader_->outer_location(directory), scratch_.path() / "volume/lib-redis");
    EXPECT_EQ(*reader_->location(open("/")), Path("/"));
    EXPECT_EQ(*reader_below("/")->location(directory), scratch_.path() / "volume/lib-redis");
}

TEST_F(PosixReaderTest, RefusesTheLocationOfARemovedDirectory)
{
    scratch_.make_directory("gone");
    const auto directory = open("/gone");
    boost::filesystem::remove(scratch_.path("gone"));
    EXPECT_EQ(error_of(reader_->location(directory)), ENOENT);
    scratch_.make_directory("gone (deleted)");  // another one, of the name that the kernel shows
    EXPECT_EQ(error_of(reader_->location(directory)), ENOENT);
    EXPECT_EQ(*reader_->location(open("/gone (deleted)")), Path("/gone (deleted)"));
}

TEST_F(PosixReaderTest, RefusesALocationOutsideOfTheRoot)
{
    scratch_.make_directory("root");
    scratch_.make_directory("roots");
    const auto directory = open("/roots");
    EXPECT_EQ(error_of(reader_below(scratch_.path("root"))->location(directory)), EXDEV);
}

TEST_F(PosixReaderTest, SaysHowToGetAMissingProc)
{
    NEEDS_PRIVATE_MOUNTS();
    const auto directory = open("/");
    const TestMount over_proc("none", "/proc", "tmpfs", 0);
    const auto mounts = reader_->mounts();
    ASSERT_FALSE(mounts);
    EXPECT_EQ(mounts.error().number, ENOENT);
    EXPECT_NE(mounts.error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_NE(reader_->location(directory).error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_NE(reader_->extended_attributes(directory, "x").error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_FALSE(reader_->filesystem(directory)->type.empty());  // by its magic number
}

}  // namespace
}  // namespace mailstate
