// SPDX-License-Identifier: MIT
// ProgressLine: a thread that shows the counters of a run on the terminal until it is destroyed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/options.hpp"
#include "app/progress_text.hpp"
#include "app/terminal.hpp"

namespace mailstate {

class ProgressLine {
public:
    // Does nothing where stderr is no terminal or nobody wants it. `names` are the plan's entries, in order.
    ProgressLine(const Options& options, Terminal& terminal, const Progress& progress, std::vector<std::string> names);
    ~ProgressLine();
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    ProgressLine(ProgressLine&&) = delete;
    ProgressLine& operator=(ProgressLine&&) = delete;

private:
    void redraw(const std::stop_token& stop);
    [[nodiscard]] ProgressSample sample() const;

    Terminal& terminal_;
    const Progress& progress_;
    std::vector<std::string> names_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace mailstate
