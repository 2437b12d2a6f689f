// SPDX-License-Identifier: MIT
#include "app/process_setup.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <thread>

#include "app/process_state.hpp"

namespace mailstate {

namespace {

// More than there are processors: the first read of a directory, and the journal's commits, are waited for.
constexpr unsigned jobs_for_each_processor = 4;
constexpr unsigned most_default_jobs = 16;

Stop stop;

static_assert(std::atomic<int>::is_always_lock_free, "only a lock-free atomic may be stored by a signal handler");

void remember_signal(int signal)
{
    stop.signal.store(signal, std::memory_order_relaxed);
}

}  // namespace

bool open_missing_streams()
{
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (!is_closed(descriptor)) continue;
        // open(2) takes the lowest free number, which is this one. An empty image has no /dev/null: an O_PATH
        // descriptor is as good, reading and writing it is EBADF.
        int opened = ::open("/dev/null", O_RDWR | O_NOFOLLOW);       // NOLINT: not O_CLOEXEC, it is a standard stream
        if (opened < 0) opened = ::open("/", O_PATH | O_DIRECTORY);  // NOLINT
        if (opened != descriptor) return false;
    }
    return true;
}

void set_process_limits()
{
    ::umask(0077);
    struct rlimit files {};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        (void)::setrlimit(RLIMIT_NOFILE, &files);  // the work goes on with fewer
    }
    (void)std::signal(SIGPIPE, SIG_IGN);  // cannot fail for a valid signal
    (void)std::signal(SIGXFSZ, SIG_IGN);  // RLIMIT_FSIZE: the write fails with EFBIG instead
    (void)std::signal(SIGIO, SIG_IGN);    // a service wants a file that is being removed (fs/remove_unchanged.cpp)
}

const Stop& stop_on_signals()
{
    // Without SA_RESTART: every call retries EINTR where it has to.
    struct sigaction action {};
    action.sa_handler = remember_signal;
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT}) {
        (void)::sigaction(signal, &action, nullptr);  // cannot fail for a valid signal
        sigaddset(&signals, signal);
    }
    (void)::sigprocmask(SIG_UNBLOCK, &signals, nullptr);  // a parent may have left them blocked
    return stop;
}

int default_jobs()
{
    return static_cast<int>(
        std::clamp(jobs_for_each_processor * std::thread::hardware_concurrency(), 4U, most_default_jobs));
}

}  // namespace mailstate
