// SPDX-License-Identifier: MIT
// A few tasks that wait for a slow filesystem, side by side.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace mailstate {

// Calls work(0) … work(count - 1), each once, by up to so many threads; returns when all are done. Where the system
// gives no more threads, fewer do it. What work throws is thrown here, once all threads have ended.
template <class Work>
void side_by_side(std::size_t threads, std::size_t count, const Work& work)
{
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::exception_ptr thrown;
    const auto take = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) work(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            thrown = std::current_exception();
        }
    };
    std::vector<std::thread> helpers;
    helpers.reserve(std::min(threads, count));
    try {
        while (helpers.size() + 1 < threads && helpers.size() + 1 < count) helpers.emplace_back(take);
    } catch (const std::system_error&) {
        // A limit on processes: this thread does what they would have done.
    }
    take();
    for (std::thread& helper : helpers) helper.join();
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace mailstate
