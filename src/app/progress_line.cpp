// SPDX-License-Identifier: MIT
#include "app/progress_line.hpp"

#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr std::chrono::milliseconds redraw_interval{200};

}  // namespace

ProgressLine::ProgressLine(const Options& options, Terminal& terminal, const Progress& progress,
                           std::vector<std::string> names)
    : terminal_(terminal), progress_(progress), names_(std::move(names))
{
    if (options.progress && terminal.shows_progress())
        thread_ = std::jthread([this](const std::stop_token& stop) { redraw(stop); });
}

ProgressLine::~ProgressLine()
{
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    terminal_.clear_transient();
}

void ProgressLine::redraw(const std::stop_token& stop)
{
    SpeedMeter speed;
    std::unique_lock guard(mutex_);
    // The first turn is after the first interval: a start with nothing to do shows nothing.
    while (!wake_.wait_for(guard, stop, redraw_interval, [&] { return stop.stop_requested(); })) {
        const ProgressSample now = sample();
        speed.add(now);
        const std::string text = progress_text(now, speed, terminal_.columns() - 1);
        if (!text.empty()) terminal_.show_transient(text);
    }
}

ProgressSample ProgressLine::sample() const
{
    ProgressSample now;
    now.at = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    const int entry = progress_.entry.load();
    if (entry >= 0 && static_cast<std::size_t>(entry) < names_.size())
        now.entry = printable(names_[static_cast<std::size_t>(entry)]);
    now.phase = progress_.phase.load();
    now.files = progress_.files.load();
    now.bytes = progress_.bytes.load();
    now.total_files = progress_.total_files.load();
    now.total_bytes = progress_.total_bytes.load();
    return now;
}

}  // namespace mailstate
