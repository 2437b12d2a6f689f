// SPDX-License-Identifier: MIT
// Baton: two threads of which one runs at a time, and a third party decides which.
#pragma once

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace mailstate::schedules {

class Baton {
public:
    // Asked before each step of the one that runs: who goes on? Never called by two threads at once.
    using Choice = std::function<int(int running)>;

    Baton(int first, Choice choose) : choose_(std::move(choose)), turn_(first) {}

    void begin(int me)
    {
        std::unique_lock lock(mutex_);
        turns_.wait(lock, [&] { return turn_ == me; });
    }

    void step(int me)
    {
        std::unique_lock lock(mutex_);
        const int next = choose_(me);
        if (next == me || has_ended_.at(static_cast<std::size_t>(next))) return;
        turn_ = next;
        turns_.notify_all();
        turns_.wait(lock, [&] { return turn_ == me; });
    }

    void end(int me)
    {
        const std::unique_lock lock(mutex_);
        has_ended_.at(static_cast<std::size_t>(me)) = true;
        turn_ = 1 - me;
        turns_.notify_all();
    }

    [[nodiscard]] bool has_ended(int who) const { return has_ended_.at(static_cast<std::size_t>(who)); }

private:
    Choice choose_;
    std::mutex mutex_;
    std::condition_variable turns_;
    int turn_;
    std::array<bool, 2> has_ended_{};
};

}  // namespace mailstate::schedules
