// SPDX-License-Identifier: MIT
#include "app/start_program.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "app/log/log_line.hpp"
#include "app/log/terminal.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// As shells end.
constexpr int cannot_be_executed = 126;
constexpr int not_found = 127;

// The log has ended by now, with the terminal that it wrote to.
void say(const Error& error, LogFormat format)
{
    const std::string text = describe(error);
    const std::string line = format == LogFormat::json ? json_log_line(utc_now(), LogLevel::error, text)
                                                       : text_log_line(LogLevel::error, text, Paint::no);
    (void)write_all(STDERR_FILENO, line);  // nobody is left to tell
}

}  // namespace

bool may_start(int exit_code, const Options& options)
{
    static constexpr std::array kept_going{ExitCode::problems_found, ExitCode::blocked, ExitCode::midway,
                                           ExitCode::locked};
    const auto is_it = [&](ExitCode code) { return number_of(code) == exit_code; };
    return exit_code == number_of(ExitCode::done) || (options.keep_going && std::ranges::any_of(kept_going, is_it));
}

int start_program(const Ending& end, const ProcessState& state, const Stop& stop)
{
    std::vector<std::string> words = end.program;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    restore(state);
    if (stop.requested()) return signal_exit_code(stop.signal.load());
    (void)::execvp(arguments.front(), arguments.data());
    const int number = errno;
    (void)std::signal(SIGPIPE, SIG_IGN);  // NOLINT: the macro casts; stderr may be a pipe that nobody reads
    say({number, "execve", words.front(), "", ""}, end.log_format);
    return number == ENOENT ? not_found : cannot_be_executed;
}

}  // namespace mailstate
