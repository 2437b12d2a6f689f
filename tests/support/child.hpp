// SPDX-License-Identifier: MIT
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <utility>

#include "mailstate/base/noncopyable.hpp"
#include "posix/fd.hpp"

namespace mailstate {

// Another process, which is told to end by the closing of a pipe. What it does first is done when this returns.
class Child : NonCopyable {
public:
    explicit Child(const std::function<void()>& first)
    {
        std::array<int, 2> stop{}, ready{};
        if (::pipe2(stop.data(), O_CLOEXEC) == -1 || ::pipe2(ready.data(), O_CLOEXEC) == -1) return;
        pid_ = ::fork();
        if (pid_ == 0) {
            (void)::close(stop[1]);
            first();
            char byte = 'x';
            (void)!::write(ready[1], &byte, 1);
            (void)!::read(stop[0], &byte, 1);
            ::_exit(0);
        }
        (void)::close(stop[0]);
        (void)::close(ready[1]);
        stop_ = Fd(stop[1]);
        const Fd wait(ready[0]);
        char byte = 0;
        EXPECT_EQ(::read(wait.get(), &byte, 1), 1);
    }
    ~Child() { end(); }

    [[nodiscard]] int pid() const { return pid_; }

    // Ends it, without taking its exit status: it stays as a zombie until end().
    void let_go()
    {
        stop_.reset();
        siginfo_t info{};
        EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT), 0);
    }
    void end()
    {
        stop_.reset();
        if (pid_ > 0) (void)::waitpid(std::exchange(pid_, 0), nullptr, 0);
    }

private:
    int pid_ = 0;
    Fd stop_;
};

}  // namespace mailstate
