// SPDX-License-Identifier: MIT
// CAUTION: needs root. Who holds a place open, where processes see other mounts than this one.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "mailstate/posix/process.hpp"
#include "support/child.hpp"
#include "support/mount_namespace.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

class OpenElsewhere : public ::testing::Test {
protected:
    OpenElsewhere()
    {
        for (const char* name : {"redis", "again", "jail"}) scratch_.make_directory(name);
        scratch_.make_file("redis/dump.rdb");
    }
    [[nodiscard]] bool is_held_by(const Child& child) const
    {
        const std::vector<OpenFile> all = open_below(scratch_.path("redis"));
        return std::ranges::any_of(all, [&](const OpenFile& open) { return open.pid == child.pid(); });
    }
    void hold(const std::string& file) const { (void)::open(scratch_.path(file).c_str(), O_RDONLY | O_CLOEXEC); }
    void bind(const char* from, const char* to) const
    {
        EXPECT_EQ(::mount(scratch_.path(from).c_str(), scratch_.path(to).c_str(), nullptr, MS_BIND, nullptr), 0);
    }

    Scratch scratch_;
};

TEST_F(OpenElsewhere, TheSamePathOfAnotherNamespaceIsAnotherPlace)
{
    NEEDS_PRIVATE_MOUNTS();
    const Child other([&] {
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        EXPECT_EQ(::mount("none", scratch_.path("redis").c_str(), "tmpfs", 0, nullptr), 0);
        scratch_.make_file("redis/dump.rdb");
        hold("redis/dump.rdb");
        EXPECT_EQ(::chdir(scratch_.path("redis").c_str()), 0);
    });
    EXPECT_FALSE(is_held_by(other));
}

TEST_F(OpenElsewhere, TheSamePathOfAnotherNamespaceMayBeTheSamePlace)
{
    NEEDS_PRIVATE_MOUNTS();
    const Child other([&] {
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        hold("redis/dump.rdb");
    });
    EXPECT_TRUE(is_held_by(other));
}

TEST_F(OpenElsewhere, AnotherPathOfAnotherNamespaceLeadsToThePlace)
{
    NEEDS_PRIVATE_MOUNTS();
    const Child other([&] {
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        bind("redis", "again");
        EXPECT_EQ(::mount("none", scratch_.path("redis").c_str(), "tmpfs", 0, nullptr), 0);
        hold("again/dump.rdb");
    });
    EXPECT_TRUE(is_held_by(other));
}

TEST_F(OpenElsewhere, ABindMountOfThisNamespaceLeadsToThePlace)
{
    NEEDS_PRIVATE_MOUNTS();
    const TestMount again(scratch_.path("redis"), scratch_.path("again"), nullptr, MS_BIND);
    const Child other([&] { EXPECT_EQ(::chdir(scratch_.path("again").c_str()), 0); });
    EXPECT_TRUE(is_held_by(other));
}

TEST_F(OpenElsewhere, ARootOfItsOwnHidesNobody)
{
    NEEDS_PRIVATE_MOUNTS();
    const Child other([&] {
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        EXPECT_EQ(::mount("none", scratch_.path("jail").c_str(), "tmpfs", 0, nullptr), 0);
        scratch_.make_directory("jail/data");
        bind("redis", "jail/data");
        EXPECT_EQ(::chroot(scratch_.path("jail").c_str()), 0);
        (void)::open("/data/dump.rdb", O_RDONLY | O_CLOEXEC);
        EXPECT_EQ(::chdir("/"), 0);
    });
    EXPECT_TRUE(is_held_by(other));
}

TEST_F(OpenElsewhere, AFileWithoutANameIsStillInItsPlace)
{
    NEEDS_PRIVATE_MOUNTS();
    const Child other([&] {
        EXPECT_EQ(::unshare(CLONE_NEWNS), 0);
        hold("redis/dump.rdb");
        EXPECT_EQ(::unlink(scratch_.path("redis/dump.rdb").c_str()), 0);
    });
    EXPECT_TRUE(is_held_by(other));
}

}  // namespace
}  // namespace mailstate
