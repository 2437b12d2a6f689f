// SPDX-License-Identifier: MIT
#include "app/log/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "app/output/paragraph.hpp"

namespace mailstate {

namespace {

constexpr std::string_view erase_line = "\r\x1b[K";  // ECMA-48: EL

}  // namespace

Screen screen_of(const Variables& environment)
{
    const auto term = environment.find("TERM");
    return term == environment.end() || term->second.empty() || term->second == "dumb" ? Screen::dumb : Screen::able;
}

Terminal::Terminal(int descriptor, Screen screen)
    : descriptor_(descriptor), shows_progress_(screen == Screen::able && ::isatty(descriptor) == 1)
{
}

std::size_t Terminal::columns() const
{
    struct winsize size {};
    if (::ioctl(descriptor_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return page_width;
    return size.ws_col;
}

void Terminal::write(std::string_view lines)
{
    const std::scoped_lock guard(mutex_);
    clear_locked();
    (void)write_all(descriptor_, lines);  // a log that cannot be written must not end the work
}

void Terminal::show_transient(std::string_view line)
{
    const std::scoped_lock guard(mutex_);
    // One column less: the last one would make some terminals wrap.
    const std::string text = std::string(erase_line) + cut_to(line, columns() - 1);
    (void)write_all(descriptor_, text);
    transient_shown_ = true;
}

void Terminal::clear_transient()
{
    const std::scoped_lock guard(mutex_);
    clear_locked();
}

void Terminal::clear_locked()
{
    if (transient_shown_) (void)write_all(descriptor_, erase_line);
    transient_shown_ = false;
}

int output_descriptor(const Options& options)
{
    return leaves_stdout_alone(options) ? STDERR_FILENO : STDOUT_FILENO;
}

std::size_t output_width(int descriptor)
{
    constexpr std::size_t least = 40, most = 120;
    if (::isatty(descriptor) != 1) return unlimited_width;
    return std::clamp(Terminal(descriptor).columns(), least, most);
}

Paint paint_for(Color color, const Variables& environment, int descriptor)
{
    if (color != Color::automatic) return color == Color::always ? Paint::yes : Paint::no;
    const auto no_color = environment.find("NO_COLOR");
    if (no_color != environment.end() && !no_color->second.empty()) return Paint::no;  // https://no-color.org
    if (screen_of(environment) == Screen::dumb) return Paint::no;
    return ::isatty(descriptor) == 1 ? Paint::yes : Paint::no;
}

Result<> write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {  // another process made the stream non-blocking for all that share it
            struct pollfd wait = {.fd = descriptor, .events = POLLOUT, .revents = 0};
            (void)::poll(&wait, 1, 1000);
        } else if (errno != EINTR) {
            return fail(system_error("write", "descriptor " + std::to_string(descriptor)));
        }
    }
    return {};
}

}  // namespace mailstate
