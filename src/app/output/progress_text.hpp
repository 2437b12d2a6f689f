// SPDX-License-Identifier: MIT
// The progress line as text. Pure: the clock and the counters are given.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct ProgressSample {  // the counters at one moment
    std::chrono::milliseconds at{0};
    std::string entry, phase;
    std::uint64_t files = 0, bytes = 0, total_files = 0, total_bytes = 0;
    std::chrono::milliseconds busy{0};  // processor time of the whole process
};

// Does nothing move: the counters stand, and the process waits?
bool is_still(const ProgressSample& now, const ProgressSample& before);

// Speed over the last seconds; a new phase or entry, or a counter that goes back, starts anew.
class SpeedMeter {
public:
    void add(const ProgressSample& sample);
    [[nodiscard]] double bytes_per_second() const;
    [[nodiscard]] double files_per_second() const;

private:
    [[nodiscard]] double seconds() const;
    std::deque<ProgressSample> samples_;
};

// "redis: copying 412/1,200 files, 1.3/4.0 MiB, 22.1 MiB/s, 0:12 left"; empty where nothing is under way. Where the
// line is too narrow, the files are left out, then the speed: the time left matters most.
std::string progress_text(const ProgressSample& sample, const SpeedMeter& speed, std::size_t columns);

// The same for a log: "redis: copying, 34%, 412/1,200 files, 1.3/4.0 MiB, 22.1 MiB/s, 0:12 left". Where nothing has
// moved for some seconds: "redis: syncing, waiting for the volume for 0:30".
std::string progress_report(const ProgressSample& sample, const SpeedMeter& speed, std::chrono::milliseconds still);

std::string clock_text(std::uint64_t seconds);  // "0:12", "1:02:03"

}  // namespace mailstate
