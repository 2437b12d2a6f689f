// SPDX-License-Identifier: MIT
#include "app/log/progress_line.hpp"

#include <csignal>
#include <ctime>
#include <system_error>

#include "engine/logger.hpp"
#include "mailstate/base/noncopyable.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::chrono::milliseconds redraw_interval{200};
constexpr std::chrono::milliseconds sample_interval{1'000};
constexpr std::chrono::milliseconds moment{2'000};
constexpr std::chrono::milliseconds report_interval{30'000};

std::chrono::milliseconds processor_time()
{
    struct timespec used {};
    if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0) return {};
    return std::chrono::seconds(used.tv_sec) +
           std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::nanoseconds(used.tv_nsec));
}

// A thread that signals do not interrupt: they are for the one that works.
class SignalsBlocked : NonCopyable {
public:
    SignalsBlocked()
    {
        sigset_t all{};
        (void)::sigfillset(&all);
        (void)::pthread_sigmask(SIG_SETMASK, &all, &before_);  // cannot fail
    }
    ~SignalsBlocked() { (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_{};
};

}  // namespace

ProgressLine::ProgressLine(const Options& options, Terminal& terminal, const Progress& progress,
                           std::vector<std::string> names, std::string beginning)
    : terminal_(terminal),
      progress_(progress),
      names_(std::move(names)),
      beginning_(std::move(beginning)),
      on_terminal_(options.progress && terminal.shows_progress())
{
    const bool in_log = !options.quiet && options.log_level >= LogLevel::info;
    if (!options.progress || (!on_terminal_ && !in_log)) return;
    try {
        start_thread();
    } catch (const std::system_error&) {
        // No thread can be had (RLIMIT_NPROC): the work goes on without a word of how far it is.
    }
}

void ProgressLine::start_thread()
{
    const SignalsBlocked blocked;
    thread_ = std::jthread([this](const std::stop_token& stop) { on_terminal_ ? redraw(stop) : write_reports(stop); });
}

ProgressLine::~ProgressLine()
{
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
    if (on_terminal_) terminal_.clear_transient();
}

void ProgressLine::begin()
{
    if (on_terminal_ || beginning_.empty() || begun_.exchange(true)) return;
    log_info(beginning_);
}

void ProgressLine::begin_step(const std::string& line)
{
    begin();
    if (!on_terminal_) log_info(line);
}

bool ProgressLine::wait(const std::stop_token& stop, std::chrono::milliseconds time)
{
    std::unique_lock guard(mutex_);
    return !wake_.wait_for(guard, stop, time, [&] { return stop.stop_requested(); });
}

void ProgressLine::redraw(const std::stop_token& stop)
{
    SpeedMeter speed;
    // The first turn is after the first interval: a start with nothing to do shows nothing.
    while (wait(stop, redraw_interval)) {
        const ProgressSample now = sample();
        speed.add(now);
        const std::string text = progress_text(now, speed, terminal_.columns() - 1);
        if (!text.empty()) terminal_.show_transient(text);
    }
}

void ProgressLine::write_reports(const std::stop_token& stop)
{
    SpeedMeter speed;
    ProgressSample last = sample(), moved = last;
    while (wait(stop, sample_interval)) {
        const ProgressSample now = sample();
        speed.add(now);
        if (now.at >= moment) begin();
        if (!is_still(now, moved)) moved = now;
        if (now.at - last.at < report_interval) continue;
        log_info(progress_report(now, speed, now.at - moved.at));
        last = now;
    }
}

ProgressSample ProgressLine::sample() const
{
    ProgressSample now;
    now.at = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
    now.busy = processor_time();
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
