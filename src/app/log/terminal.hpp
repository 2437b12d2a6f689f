// SPDX-License-Identifier: MIT
// Terminal: the one who writes to stderr, so that log lines and the progress line never run into each other.
#pragma once

#include <unistd.h>

#include <mutex>
#include <string>
#include <string_view>

#include "app/cli/options.hpp"
#include "mailstate/base/result.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

enum class Paint : bool { no, yes };
enum class Screen : bool { dumb, able };  // can a line be erased, and written anew?

Screen screen_of(const Variables& environment);  // by TERM

class Terminal {
public:
    explicit Terminal(int descriptor, Screen screen = Screen::able);

    [[nodiscard]] bool shows_progress() const { return shows_progress_; }
    [[nodiscard]] std::size_t columns() const;  // 80 where nobody knows

    void write(std::string_view lines);          // clears the transient line first; it comes back with its next turn
    void show_transient(std::string_view line);  // cut to the width, without a newline
    void clear_transient();

private:
    void clear_locked();

    int descriptor_;
    bool shows_progress_;
    std::mutex mutex_;
    bool transient_shown_ = false;
};

// Where results go: stdout, but stderr where stdout is another program's.
int output_descriptor(const Options& options);
// The width of what goes there: a terminal's, 120 at most, and none elsewhere.
std::size_t output_width(int descriptor);

// May what goes to this descriptor be coloured?
Paint paint_for(Color color, const Variables& environment, int descriptor);

// All of it, whatever signals and a slow reader do.
Result<> write_all(int descriptor, std::string_view text);

}  // namespace mailstate
