// SPDX-License-Identifier: MIT
// ProgressLine: a thread that tells how far a run is until it is destroyed. On a terminal it draws a line; in a log it
// writes one each half minute, also while the run hangs in a call.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/cli/options.hpp"
#include "app/log/terminal.hpp"
#include "app/output/progress_text.hpp"
#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

class ProgressLine : NonCopyable {
public:
    // `names` are the plan's entries, in order. `beginning` says what work begins: the log has it before anything else
    // of the work, or after two seconds; empty for what only looks.
    ProgressLine(const Options& options, Terminal& terminal, const Progress& progress, std::vector<std::string> names,
                 std::string beginning = {});
    ~ProgressLine();

    // The work begins. Said once, from any thread; not on a terminal that shows the progress.
    void begin();
    // The same, and the line after it: a step that may take long.
    void begin_step(const std::string& line);

private:
    void start_thread();
    void redraw(const std::stop_token& stop);
    void write_reports(const std::stop_token& stop);
    [[nodiscard]] bool wait(const std::stop_token& stop, std::chrono::milliseconds time);  // false: it is over
    [[nodiscard]] ProgressSample sample() const;

    Terminal& terminal_;
    const Progress& progress_;
    std::vector<std::string> names_;
    std::string beginning_;
    bool on_terminal_;
    std::atomic<bool> begun_{false};
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace mailstate
