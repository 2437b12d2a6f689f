// SPDX-License-Identifier: MIT
#include "app/process_setup.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace mailstate {
namespace {

// Runs in a child process, since what is set up is the process itself; the exit status is the verdict.
template <class Body>
int exit_status_of(Body body)
{
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StandardStreams, AreOpenedWhereTheyWereClosed)
{
    const int status = exit_status_of([] {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
        ::close(STDERR_FILENO);
        if (!open_missing_streams()) return 1;
        return ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) > STDERR_FILENO ? 0 : 2;
    });
    EXPECT_EQ(status, 0);
}

TEST(StandardStreams, AreOpenedInAnEmptyImage)
{
    char scratch[] = "/tmp/mailstate-XXXXXX";
    ASSERT_NE(::mkdtemp(scratch), nullptr);
    const int status = exit_status_of([&] {
        if (::chroot(scratch) != 0) return 77;
        ::close(STDOUT_FILENO);
        if (!open_missing_streams()) return 1;
        return ::fcntl(STDOUT_FILENO, F_GETFD) >= 0 ? 0 : 2;
    });
    EXPECT_EQ(::rmdir(scratch), 0);
    if (status == 77) GTEST_SKIP() << "chroot(2) needs CAP_SYS_CHROOT";
    EXPECT_EQ(status, 0);
}

TEST(StandardStreams, AreLeftWhereTheyWereOpen)
{
    EXPECT_TRUE(open_missing_streams());
}

TEST(ProcessLimits, AreRaisedAndTheUmaskIsNarrow)
{
    const int status = exit_status_of([] {
        set_process_limits();
        struct rlimit files {};
        if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur != files.rlim_max) return 1;
        if (::umask(0) != 0077) return 2;
        return std::signal(SIGPIPE, SIG_DFL) == SIG_IGN ? 0 : 3;
    });
    EXPECT_EQ(status, 0);
}

TEST(StopSignals, AskTheWorkToStop)
{
    for (const int signal : {SIGTERM, SIGINT}) {
        const int status = exit_status_of([signal] {
            const Stop& stop = stop_on_signals();
            if (stop.requested()) return 1;
            (void)std::raise(signal);
            return stop.requested() && stop.signal.load() == signal ? 0 : 2;
        });
        EXPECT_EQ(status, 0) << signal;
    }
}

TEST(Jobs, AreFromOneToEightByDefault)
{
    EXPECT_GE(default_jobs(), 1);
    EXPECT_LE(default_jobs(), 8);
}

}  // namespace
}  // namespace mailstate
