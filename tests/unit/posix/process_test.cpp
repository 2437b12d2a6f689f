// SPDX-License-Identifier: MIT
#include "mailstate/posix/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <thread>

#include "posix/fd.hpp"
#include "support/child.hpp"
#include "support/scratch.hpp"

namespace mailstate {
namespace {

TEST(Process, KnowsItselfAndItsNamespace)
{
    const auto facts = process_facts();
    ASSERT_TRUE(facts) << describe(facts.error());
    EXPECT_EQ(facts->uid, Uid{::geteuid()});
    EXPECT_FALSE(facts->uid_map.empty());
    EXPECT_FALSE(facts->gid_map.empty());
    EXPECT_EQ(facts->no_new_privs, ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
}

TEST(Process, KnowsItsCapabilities)
{
    std::ifstream status("/proc/self/status");
    std::string key, value;
    while (status >> key && key != "CapEff:") continue;
    ASSERT_TRUE(status >> value);
    EXPECT_EQ(process_facts()->effective_capabilities, std::stoull(value, nullptr, 16));
}

TEST(Process, AsksForOneCapability)
{
    ProcessFacts facts;
    facts.effective_capabilities = std::uint64_t{1} << CAP_CHOWN | std::uint64_t{1} << CAP_CHECKPOINT_RESTORE;
    EXPECT_TRUE(has_capability(facts, CAP_CHOWN));
    EXPECT_TRUE(has_capability(facts, CAP_CHECKPOINT_RESTORE));  // above 32
    EXPECT_FALSE(has_capability(facts, CAP_FOWNER));
    EXPECT_FALSE(has_capability(facts, -1));
    EXPECT_FALSE(has_capability(facts, 64));
}

TEST(Holder, SaysWhoHoldsALock)
{
    const auto holder = this_holder();
    EXPECT_EQ(holder.pid, ::getpid());
    EXPECT_FALSE(holder.host.empty());
    EXPECT_EQ(holder.boot_id.size(), 36U);
    EXPECT_EQ(holder.started.size(), std::string("2026-11-21T02:06:35Z").size());
    EXPECT_EQ(holder.started.back(), 'Z');
    EXPECT_EQ(this_holder(), holder);
}

TEST(Holder, StartedAfterItsParent)
{
    const auto parent = this_holder().started;
    const Child child([&] {
        if (this_holder().started < parent) ::_exit(1);
    });
    EXPECT_GT(child.pid(), 0);
}

bool holds(const std::vector<OpenFile>& found, int pid, const std::string& path)
{
    return std::any_of(found.begin(), found.end(),
                       [&](const auto& open) { return open.pid == pid && open.path == path; });
}

TEST(OpenBelow, FindsDescriptorsAndWorkingDirectoriesOfOthers)
{
    const Scratch scratch;
    scratch.make_directory("queue/active");
    scratch.make_file("queue/file");
    scratch.make_directory("queues");
    const Child with_file([&] { (void)::open(scratch.path("queue/file").c_str(), O_RDONLY | O_CLOEXEC); });
    const Child inside([&] { EXPECT_EQ(::chdir(scratch.path("queue").c_str()), 0); });
    const Child elsewhere([&] { EXPECT_EQ(::chdir(scratch.path("queues").c_str()), 0); });
    const auto found = open_below(scratch.path("queue"));
    EXPECT_EQ(found.size(), 2U);
    EXPECT_TRUE(holds(found, with_file.pid(), scratch.path("queue/file")));
    EXPECT_TRUE(holds(found, inside.pid(), scratch.path("queue")));
    EXPECT_EQ(found.front().command, "unit_posix");
}

TEST(OpenBelow, LeavesThisProcessOut)
{
    const Scratch scratch;
    scratch.make_file("file");
    const Fd file(::open(scratch.path("file").c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(open_below(scratch.path().native()).empty());
}

TEST(OpenBelow, LeavesAncestorsOut)
{
    const Scratch scratch;
    scratch.make_file("file");
    const Fd file(::open(scratch.path("file").c_str(), O_RDONLY | O_CLOEXEC));
    const Child child([&] {
        (void)::close(file.get());  // its own copy; the parent's stays
        scratch.make_file(open_below(scratch.path().native()).empty() ? "empty" : "found");
    });
    EXPECT_TRUE(boost::filesystem::exists(scratch.path("empty")));
}

TEST(ForeignProcess, IsAnotherOneThatRuns)
{
    Child child([] {});
    const int pid = child.pid();
    EXPECT_TRUE(is_foreign_process(pid));
    child.let_go();
    EXPECT_FALSE(is_foreign_process(pid));  // a zombie
    child.end();
    EXPECT_FALSE(is_foreign_process(pid));
}

TEST(ForeignProcess, IsNotThisOneNorItsParentNorNone)
{
    EXPECT_FALSE(is_foreign_process(::getpid()));
    EXPECT_FALSE(is_foreign_process(::getppid()));
    EXPECT_FALSE(is_foreign_process(0));
    EXPECT_FALSE(is_foreign_process(-1));
}

TEST(ForeignProcess, IsNoThread)
{
    int id = 0;
    bool foreign = true;
    std::thread([&] {
        id = ::gettid();
        foreign = is_foreign_process(id);
    }).join();
    EXPECT_NE(id, ::getpid());
    EXPECT_FALSE(foreign);
}

}  // namespace
}  // namespace mailstate
