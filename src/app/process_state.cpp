// SPDX-License-Identifier: MIT
#include "app/process_state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace mailstate {

namespace {

bool is_ignored(int signal)
{
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
           action.sa_handler == SIG_IGN;  // NOLINT: the macro casts
}

// Those that process_setup ignores were at their default; those that it catches go back to it by themselves.
void restore_disposition(const ProcessState::Disposition& found)
{
    const bool now = is_ignored(found.signal);
    if (now != found.ignored) (void)std::signal(found.signal, found.ignored ? SIG_IGN : SIG_DFL);  // NOLINT: as above
}

}  // namespace

bool is_closed(int descriptor)
{
    return ::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF;
}

ProcessState state_at_start()
{
    ProcessState state;
    constexpr std::array signals{SIGPIPE, SIGIO, SIGXFSZ, SIGTERM, SIGINT};
    for (std::size_t i = 0; i < signals.size(); ++i) state.dispositions[i] = {signals[i], is_ignored(signals[i])};
    (void)::sigprocmask(SIG_SETMASK, nullptr, &state.blocked);  // cannot fail
    state.umask = ::umask(0077);
    if (::getrlimit(RLIMIT_NOFILE, &state.files) != 0) state.files = {};
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (is_closed(descriptor)) state.closed_streams.push_back(descriptor);
    return state;
}

void restore(const ProcessState& state)
{
    for (const int descriptor : state.closed_streams) (void)::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    if (state.files.rlim_max != 0) (void)::setrlimit(RLIMIT_NOFILE, &state.files);  // down to what it was: allowed
    ::umask(state.umask);
    for (const ProcessState::Disposition& found : state.dispositions) restore_disposition(found);
    (void)::sigprocmask(SIG_SETMASK, &state.blocked, nullptr);  // cannot fail
}

}  // namespace mailstate
