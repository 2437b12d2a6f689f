// SPDX-License-Identifier: MIT
// The lease that stands in for a lock, with times of milliseconds in place of seconds.
#include "posix/lease.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "posix/holder_text.hpp"
#include "posix/lock.hpp"
#include "support/scratch.hpp"

namespace mailstate {

namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class LeaseTest : public testing::Test {
protected:
    [[nodiscard]] At at() const { return {fd_.get(), path_}; }
    [[nodiscard]] auto take(milliseconds wait) const { return take_lease(at(), wait, pace_); }
    [[nodiscard]] bool is_there() const { return ::access(scratch_.path("lease").c_str(), F_OK) == 0; }
    [[nodiscard]] std::string content() const
    {
        std::ifstream file(scratch_.path("lease"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    // As a holder on another machine leaves it.
    void leave(const Holder& holder) const { scratch_.make_file("lease", to_line(holder)); }
    [[nodiscard]] static Holder stranger() { return {"other-host", "", "another-boot", "2026-01-01T00:00:00Z", 4711}; }
    [[nodiscard]] std::size_t files() const
    {
        return static_cast<std::size_t>(std::distance(boost::filesystem::directory_iterator(scratch_.path()),
                                                      boost::filesystem::directory_iterator()));
    }

    Scratch scratch_;
    TreePath path_{scratch_.path().native()};
    Fd fd_{::open(scratch_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    LockPace pace_{milliseconds(10), milliseconds(60), milliseconds(600), {}};
};

using Lease = LeaseTest;

pid_t dead_pid()
{
    const pid_t pid = ::fork();
    if (pid == 0) ::_exit(0);
    ::waitpid(pid, nullptr, 0);
    return pid;
}

}  // namespace

TEST_F(Lease, IsHeldByOneAndRemovedAtItsEnd)
{
    auto first = take(milliseconds(0));
    ASSERT_TRUE(first) << describe(first.error());
    EXPECT_EQ(holder_from_line(content()), this_holder());
    const auto second = take(milliseconds(50));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().number, EWOULDBLOCK);
    EXPECT_THAT(describe(second.error()), HasSubstr("held by pid " + std::to_string(::getpid())));
    first->reset();
    EXPECT_FALSE(is_there());
    EXPECT_TRUE(take(milliseconds(0)));
}

TEST_F(Lease, LivesForLongerThanItTakesToGoStale)
{
    const auto first = take(milliseconds(0));
    ASSERT_TRUE(first);
    const std::string at_first = content();
    EXPECT_FALSE(take(milliseconds(1500)));
    EXPECT_NE(content(), at_first);
    EXPECT_EQ(holder_from_line(content()), this_holder());
}

TEST_F(Lease, IsTakenOverWhenNobodyRenewsIt)
{
    leave(stranger());
    const auto early = take(milliseconds(150));
    ASSERT_FALSE(early);
    EXPECT_THAT(describe(early.error()), HasSubstr("held by pid 4711 on host other-host since 2026-01-01T00:00:00Z"));
    const auto begin = std::chrono::steady_clock::now();
    const auto late = take(milliseconds(20'000));
    ASSERT_TRUE(late) << describe(late.error());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, pace_.stale);
    EXPECT_EQ(holder_from_line(content()), this_holder());
    EXPECT_EQ(files(), 1U);
}

TEST_F(Lease, OfADeadProcessOfThisMachineIsTakenAtOnce)
{
    Holder dead = this_holder();
    dead.pid = dead_pid();
    leave(dead);
    EXPECT_TRUE(take(milliseconds(0)));
}

TEST_F(Lease, OfADeadProcessWithOurOwnNumberIsTakenAtOnce)
{
    leave(this_holder());  // a container that was killed and started again gives out the same numbers
    EXPECT_TRUE(take(milliseconds(0)));
}

TEST_F(Lease, OfADeadProcessInAnotherContainerIsNot)
{
    Holder dead = this_holder();
    dead.pid = dead_pid();
    dead.container_id = "another";
    leave(dead);
    EXPECT_FALSE(take(milliseconds(100)));
}

TEST_F(Lease, GoesToOneOfManyThatWait)
{
    leave(stranger());
    std::atomic<int> inside{0}, most{0}, served{0};
    std::vector<std::thread> waiters;
    for (int i = 0; i < 6; ++i) {
        waiters.emplace_back([&] {
            const auto lease = take(milliseconds(60'000));
            if (!lease) return;
            const int now = ++inside;
            if (now > most) most = now;
            std::this_thread::sleep_for(milliseconds(20));
            --inside;
            ++served;
        });
    }
    for (auto& waiter : waiters) waiter.join();
    EXPECT_EQ(served, 6);
    EXPECT_EQ(most, 1);
    EXPECT_FALSE(is_there());
}

TEST_F(Lease, IsNotWaitedForWhenToldToStop)
{
    const auto first = take(milliseconds(0));
    ASSERT_TRUE(first);
    int asked = 0;
    const auto second = take_lease(at(), {milliseconds(60'000), [&] { return ++asked < 3; }}, pace_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().number, ECANCELED);
}

TEST_F(Lease, OfAnotherIsLeftAloneByAHolderThatLostIt)
{
    auto first = take(milliseconds(0));
    ASSERT_TRUE(first);
    ASSERT_EQ(::unlink(scratch_.path("lease").c_str()), 0);
    leave(stranger());
    std::this_thread::sleep_for(3 * pace_.beat);
    first->reset();
    EXPECT_EQ(holder_from_line(content()), stranger());
}

TEST_F(Lease, StandsInWhereTheFilesystemHasNoLocks)
{
    for (const int number : {ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL}) {
        pace_.set_lock = [number](int) { return number; };
        const auto lock = take_lock(at(), milliseconds(0), pace_);
        ASSERT_TRUE(lock) << describe(lock.error());
        EXPECT_TRUE(is_there());
        EXPECT_FALSE(take_lock(at(), milliseconds(30), pace_));
    }
    EXPECT_FALSE(is_there());
    pace_.set_lock = [](int) { return EIO; };
    EXPECT_EQ(take_lock(at(), milliseconds(0), pace_).error().number, EIO);
}

TEST(HolderText, ReadsBackWhatItWrites)
{
    const Holder odd{"a\"b\\c\n\xff", "\x01", "", "{}:,", 1};
    EXPECT_EQ(holder_from_line(to_line(odd)), odd);
    EXPECT_EQ(to_line(odd).find('\n'), to_line(odd).size() - 1);
    EXPECT_EQ(holder_from_line(to_line(this_holder())), this_holder());
}

TEST(HolderText, TakesNoTornLine)
{
    const std::string line = to_line(this_holder());
    for (std::size_t length = 0; length + 2 < line.size(); ++length) {
        EXPECT_EQ(holder_from_line(line.substr(0, length)), std::nullopt) << length;
    }
    EXPECT_THAT(describe(held_by_another("fcntl", "/v/lock", "")), HasSubstr("has not said its name"));
}

}  // namespace mailstate
