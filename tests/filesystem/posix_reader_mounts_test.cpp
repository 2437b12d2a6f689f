// SPDX-License-Identifier: MIT
// CAUTION: tests with mounts need root; they make them in a mount namespace of their own.
#include <gtest/gtest.h>

#include <cerrno>
#include <limits>

#include "filesystem/reader_below.hpp"
#include "support/error_of.hpp"

namespace mailstate {
namespace {

using PosixReaderMounts = PosixReaderTest;

TEST_F(PosixReaderMounts, DescribesATmpfs)
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

TEST_F(PosixReaderMounts, DescribesAReadOnlyFilesystemThatCountsNoInodes)
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

TEST_F(PosixReaderMounts, DescribesAnOverlay)
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

TEST_F(PosixReaderMounts, SeesMountsFromBelowTheRoot)
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
    EXPECT_EQ(reader_->attributes({open("/var"), "mail state"})->mount_id, id);
}

TEST_F(PosixReaderMounts, FollowsStackedMountsAsTheKernelDoes)
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

TEST_F(PosixReaderMounts, KnowsWhereADirectoryReallyStands)
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

TEST_F(PosixReaderMounts, RefusesTheLocationOfARemovedDirectory)
{
    scratch_.make_directory("gone");
    const auto directory = open("/gone");
    boost::filesystem::remove(scratch_.path("gone"));
    EXPECT_EQ(error_of(reader_->location(directory)), ENOENT);
    scratch_.make_directory("gone (deleted)");  // another one, of the name that the kernel shows
    EXPECT_EQ(error_of(reader_->location(directory)), ENOENT);
    EXPECT_EQ(*reader_->location(open("/gone (deleted)")), Path("/gone (deleted)"));
}

TEST_F(PosixReaderMounts, RefusesALocationOutsideOfTheRoot)
{
    scratch_.make_directory("root");
    scratch_.make_directory("roots");
    const auto directory = open("/roots");
    EXPECT_EQ(error_of(reader_below(scratch_.path("root"))->location(directory)), EXDEV);
}

TEST_F(PosixReaderMounts, SaysHowToGetAMissingProc)
{
    NEEDS_PRIVATE_MOUNTS();
    const auto directory = open("/");
    const TestMount over_proc("none", "/proc", "tmpfs", 0);
    const auto mounts = reader_->mounts();
    ASSERT_FALSE(mounts);
    EXPECT_EQ(mounts.error().number, ENOENT);
    EXPECT_NE(mounts.error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_NE(reader_->location(directory).error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_NE(reader_->extended_attributes({directory, "x"}).error().hint.find("mount -t proc"), std::string::npos);
    EXPECT_FALSE(reader_->filesystem(directory)->type.empty());  // by its magic number
}

}  // namespace
}  // namespace mailstate
