// SPDX-License-Identifier: MIT
// The same expectations with openat2, and with a kernel or a seccomp profile that refuses it.
#include "posix/open.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstdlib>

#include "posix/calls.hpp"
#include "support/error_of.hpp"
#include "support/mount_namespace.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

// From now on, for good, openat2 answers with this errno.
void refuse_openat2(int number)
{
    std::array<sock_filter, 4> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(number)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{program.size(), program.data()};
    ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
    ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0), 0);
    ASSERT_FALSE(has_openat2());
}

// Runs it here with 0, or in a process of its own that has no openat2.
void run_with_openat2_answering(int number, void (*expectations)())
{
    if (number == 0) {
        expectations();
        return;
    }
    GTEST_FLAG_SET(death_test_style, "threadsafe");  // a new process: this one may know already that openat2 works
    const auto in_a_process_without = [&] {
        refuse_openat2(number);
        expectations();
        std::exit(testing::Test::HasFailure() ? 1 : 0);  // NOLINT(concurrency-mt-unsafe)
    };
    EXPECT_EXIT(in_a_process_without(), testing::ExitedWithCode(0), "");
}

class Open : public testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Kernels, Open, testing::Values(0, ENOSYS, EPERM), [](const auto& kernel) {
    return kernel.param == 0 ? std::string("WithOpenat2") : "WithoutOpenat2" + errno_name(kernel.param);
});

struct Place {
    Scratch scratch;
    TreePath path{scratch.path().native()};
    Fd fd{::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};

    [[nodiscard]] At at() const { return {fd.get(), path}; }
    [[nodiscard]] int error_of(const std::string& name) const
    {
        return mailstate::error_of(open_directory_at(at(), name, MountPoints::refuse));
    }
    // The path of what an absolute path leads to with the scratch directory as root; the errno as text on failure.
    [[nodiscard]] std::string in_root(const std::string& absolute) const
    {
        const auto opened = open_in_root(fd.get(), absolute);
        if (!opened) return errno_name(opened.error().number);
        return read_system_link("/proc/self/fd/" + std::to_string(opened->get())).value_or("?");
    }
};

void expect_one_name_is_opened()
{
    const Place place;
    place.scratch.make_directory("directory");
    place.scratch.make_file("file");
    place.scratch.make_link("link", "directory");
    place.scratch.make_link("dangling", "nowhere");
    const auto opened = open_directory_at(place.at(), "directory", MountPoints::refuse);
    ASSERT_TRUE(opened) << describe(opened.error());
    EXPECT_NE(::fcntl(opened->get(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_EQ(::fcntl(opened->get(), F_GETFL) & O_PATH, 0);
    EXPECT_EQ(place.error_of("file"), ENOTDIR);
    EXPECT_EQ(place.error_of("missing"), ENOENT);
    for (const auto* link : {"link", "dangling"}) {
        const auto error = place.error_of(link);
        EXPECT_TRUE(error == ELOOP || error == ENOTDIR) << link << ": " << errno_name(error);
    }
}

TEST_P(Open, TakesADirectoryAndNothingElse)
{
    run_with_openat2_answering(GetParam(), expect_one_name_is_opened);
}

void expect_mounts_are_entered_only_when_asked()
{
    const Place place;
    place.scratch.make_directory("tmpfs");
    place.scratch.make_directory("bind");
    place.scratch.make_directory("origin/inner");
    const TestMount tmpfs("none", place.scratch.path("tmpfs"), "tmpfs", 0);
    const TestMount bind(place.scratch.path("origin"), place.scratch.path("bind"), nullptr, MS_BIND);
    EXPECT_EQ(place.error_of("tmpfs"), EXDEV);
    EXPECT_EQ(place.error_of("bind"), EXDEV);  // the same st_dev
    EXPECT_EQ(place.error_of("origin"), 0);
    for (const auto* name : {"tmpfs", "bind"}) {
        const auto opened = open_directory_at(place.at(), name, MountPoints::enter);
        ASSERT_TRUE(opened) << name;
        EXPECT_TRUE(stat_fd(opened->get(), name)->mount_root);
    }
}

TEST_P(Open, EntersAMountOnlyWhenAsked)
{
    NEEDS_PRIVATE_MOUNTS();
    run_with_openat2_answering(GetParam(), expect_mounts_are_entered_only_when_asked);
}

void expect_paths_stay_in_the_root()
{
    const Place place;
    place.scratch.make_directory("var/lib/redis");
    place.scratch.make_directory("volume/lib-redis");
    place.scratch.make_file("var/file");
    place.scratch.make_link("var/absolute", "/volume/lib-redis");
    place.scratch.make_link("var/relative", "../volume");
    place.scratch.make_link("var/outside", "../../../../../etc");
    place.scratch.make_link("var/loop", "loop");
    place.scratch.make_link("var/dangling", "/nowhere");
    EXPECT_EQ(place.in_root("/"), place.scratch.path().native());
    EXPECT_EQ(place.in_root("//var///lib/./redis/"), place.scratch.path("var/lib/redis"));
    EXPECT_EQ(place.in_root("/var/lib/../lib/redis/.."), place.scratch.path("var/lib"));
    EXPECT_EQ(place.in_root("/../../var"), place.scratch.path("var"));
    EXPECT_EQ(place.in_root("/var/absolute"), place.scratch.path("volume/lib-redis"));
    EXPECT_EQ(place.in_root("/var/relative/lib-redis"), place.scratch.path("volume/lib-redis"));
    EXPECT_EQ(place.in_root("/var/outside"), "ENOENT");  // the machine has an /etc, this root has none
    EXPECT_EQ(place.in_root("/var/dangling"), "ENOENT");
    EXPECT_EQ(place.in_root("/var/loop"), "ELOOP");
    EXPECT_EQ(place.in_root("/var/file"), "ENOTDIR");
    EXPECT_EQ(place.in_root("/var/file/x"), "ENOTDIR");
    EXPECT_EQ(place.in_root("/missing/x"), "ENOENT");
    EXPECT_EQ(place.in_root('/' + std::string(256, 'n')), "ENAMETOOLONG");
}

TEST_P(Open, ResolvesAPathInsideTheRoot)
{
    run_with_openat2_answering(GetParam(), expect_paths_stay_in_the_root);
}

void expect_long_chains_of_links_end()
{
    const Place place;
    place.scratch.make_directory("end");
    place.scratch.make_link("0", "end");
    for (int i = 1; i <= 40; ++i) place.scratch.make_link(std::to_string(i), std::to_string(i - 1));
    EXPECT_EQ(place.in_root("/39"), place.scratch.path("end"));
    EXPECT_EQ(place.in_root("/40"), "ELOOP");
}

TEST_P(Open, FollowsAsManyLinksAsTheKernel)
{
    run_with_openat2_answering(GetParam(), expect_long_chains_of_links_end);
}

}  // namespace
}  // namespace mailstate
