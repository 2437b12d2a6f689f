// SPDX-License-Identifier: MIT
#include "app/output/progress_text.hpp"

#include <algorithm>

#include "app/output/paragraph.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::chrono::milliseconds window{5'000};
constexpr double longest_guess = 360'000;  // seconds; a guess beyond a hundred hours helps nobody

std::string two_digits(std::uint64_t number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

// "412/1,200 files", "1.3/4.0 MiB"; the first unit is left out where both are the same.
std::string fraction(const std::string& done, const std::string& total)
{
    const std::size_t unit = done.find(' '), total_unit = total.find(' ');
    const bool same = done.substr(unit) == total.substr(total_unit);
    return (same ? done.substr(0, unit) : done) + "/" + total;
}

std::string files_text(const ProgressSample& sample)
{
    if (sample.files == 0 && sample.total_files == 0) return {};
    if (sample.total_files == 0) return human_count(sample.files, "file", "files");
    // The plan does not count what else is copied, such as the accounts in the clone of a rehearsal.
    const std::uint64_t done = std::min(sample.files, sample.total_files);
    return fraction(human_count(done, "files", "files"), human_count(sample.total_files, "files", "files"));
}

std::string bytes_text(const ProgressSample& sample)
{
    if (sample.bytes == 0 && sample.total_bytes == 0) return {};
    const std::string done = human_bytes(sample.bytes);
    return sample.total_bytes == 0 ? done : fraction(done, human_bytes(sample.total_bytes));
}

// By bytes where they are counted, else by files.
double seconds_left(const ProgressSample& sample, const SpeedMeter& speed)
{
    const bool by_bytes = sample.total_bytes > 0;
    const std::uint64_t total = by_bytes ? sample.total_bytes : sample.total_files;
    const std::uint64_t done = std::min(by_bytes ? sample.bytes : sample.files, total);
    const double rate = by_bytes ? speed.bytes_per_second() : speed.files_per_second();
    return total == 0 || rate <= 0 ? longest_guess : static_cast<double>(total - done) / rate;
}

std::string rate_text(const ProgressSample& sample, const SpeedMeter& speed)
{
    const auto bytes = static_cast<std::uint64_t>(speed.bytes_per_second());
    const auto files = static_cast<std::uint64_t>(speed.files_per_second());
    if (bytes > 0) return human_bytes(bytes) + "/s";
    return sample.bytes == 0 && files > 0 ? human_count(files, "file", "files") + "/s" : std::string();
}

std::string left_text(const ProgressSample& sample, const SpeedMeter& speed)
{
    const double seconds = seconds_left(sample, speed);
    return seconds < longest_guess ? clock_text(static_cast<std::uint64_t>(seconds)) + " left" : std::string();
}

std::string percent_text(const ProgressSample& sample)
{
    const bool by_bytes = sample.total_bytes > 0;
    const std::uint64_t total = by_bytes ? sample.total_bytes : sample.total_files;
    if (total == 0) return {};
    const double done = static_cast<double>(std::min(by_bytes ? sample.bytes : sample.files, total));
    return std::to_string(static_cast<int>(done * 100 / static_cast<double>(total))) + "%";
}

// "redis: copying 412 files, 1.3 MiB"
std::string joined(const std::string& work, std::initializer_list<std::string> parts)
{
    std::string line = work;
    for (const std::string& part : parts)
        if (!part.empty()) line += (line.size() == work.size() ? " " : ", ") + part;
    return line;
}

}  // namespace

void SpeedMeter::add(const ProgressSample& sample)
{
    if (!samples_.empty()) {
        const ProgressSample& last = samples_.back();
        const bool same = last.entry == sample.entry && last.phase == sample.phase && last.files <= sample.files &&
                          last.bytes <= sample.bytes;
        if (!same) samples_.clear();
    }
    samples_.push_back(sample);
    while (samples_.back().at - samples_.front().at > window) samples_.pop_front();
}

double SpeedMeter::seconds() const
{
    if (samples_.empty()) return 0;
    return std::chrono::duration<double>(samples_.back().at - samples_.front().at).count();
}

double SpeedMeter::bytes_per_second() const
{
    return seconds() <= 0 ? 0 : static_cast<double>(samples_.back().bytes - samples_.front().bytes) / seconds();
}

double SpeedMeter::files_per_second() const
{
    return seconds() <= 0 ? 0 : static_cast<double>(samples_.back().files - samples_.front().files) / seconds();
}

bool is_still(const ProgressSample& now, const ProgressSample& before)
{
    constexpr int most = 20;  // percent of the time, for all threads; our own samples take far less
    return now.entry == before.entry && now.phase == before.phase && now.files == before.files &&
           now.bytes == before.bytes && (now.busy - before.busy) * 100 < (now.at - before.at) * most;
}

std::string progress_report(const ProgressSample& sample, const SpeedMeter& speed, std::chrono::milliseconds still)
{
    constexpr std::chrono::seconds long_enough{10};
    const std::string phase = sample.phase.empty() ? "looking at origins and volume" : sample.phase;
    const std::string work = sample.entry.empty() ? phase : sample.entry + ": " + phase;
    const std::string since =
        " for " +
        clock_text(static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(still).count()));
    if (phase.starts_with("waiting")) return work + since;
    const bool waits = still >= long_enough;
    std::string line = work;
    for (const std::string& part :
         {percent_text(sample), files_text(sample), bytes_text(sample), waits ? "" : rate_text(sample, speed),
          waits ? "waiting for the volume" + since : left_text(sample, speed)})
        if (!part.empty()) line += ", " + part;
    return line;
}

std::string clock_text(std::uint64_t seconds)
{
    const std::uint64_t hours = seconds / 3600, minutes = seconds / 60 % 60;
    if (hours == 0) return std::to_string(minutes) + ":" + two_digits(seconds % 60);
    return std::to_string(hours) + ":" + two_digits(minutes) + ":" + two_digits(seconds % 60);
}

std::string progress_text(const ProgressSample& sample, const SpeedMeter& speed, std::size_t columns)
{
    if (sample.phase.empty()) return {};
    const std::string work = sample.entry.empty() ? sample.phase : sample.entry + ": " + sample.phase;
    const std::string files = files_text(sample), bytes = bytes_text(sample);
    const std::string rate = rate_text(sample, speed), left = left_text(sample, speed);
    const std::string& counted = bytes.empty() ? files : bytes;
    for (const std::string& line : {joined(work, {files, bytes, rate, left}), joined(work, {counted, rate, left})})
        if (columns_of(line) <= columns) return line;
    return joined(work, {counted, left});
}

}  // namespace mailstate
