// SPDX-License-Identifier: MIT
#include "app/log/terminal.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "app/log/progress_line.hpp"
#include "posix/fd.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

// A pseudo terminal: what is written to `screen` is read from `keyboard`.
class PseudoTerminal {
public:
    PseudoTerminal() : keyboard(::posix_openpt(O_RDWR | O_NOCTTY))
    {
        if (::grantpt(keyboard.get()) != 0 || ::unlockpt(keyboard.get()) != 0) return;
        screen = Fd(::open(::ptsname(keyboard.get()), O_RDWR | O_NOCTTY));
        struct winsize size {};
        size.ws_col = 40;
        (void)::ioctl(screen.get(), TIOCSWINSZ, &size);  // the test that needs it looks at columns()
    }
    // What has arrived; the kernel hands it over a little after it was written.
    [[nodiscard]] std::string shown() const
    {
        std::string text;
        std::array<char, 4'096> buffer{};
        struct pollfd ready = {.fd = keyboard.get(), .events = POLLIN, .revents = 0};
        while (::poll(&ready, 1, 500) > 0) {
            const ssize_t count = ::read(keyboard.get(), buffer.data(), buffer.size());
            if (count <= 0) break;
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
        return text;
    }
    Fd keyboard, screen;
};

TEST(Terminal, KnowsItsWidth)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    const Terminal terminal(pseudo.screen.get());
    EXPECT_TRUE(terminal.shows_progress());
    EXPECT_EQ(terminal.columns(), 40U);
}

TEST(Terminal, ShowsNoProgressWhereALineCannotBeErased)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    EXPECT_FALSE(Terminal(pseudo.screen.get(), Screen::dumb).shows_progress());
    EXPECT_EQ(screen_of({{"TERM", "dumb"}}), Screen::dumb);
    EXPECT_EQ(screen_of({}), Screen::dumb);
    EXPECT_EQ(screen_of({{"TERM", "xterm"}}), Screen::able);
}

TEST(Terminal, ClearsTheProgressLineBeforeALogLine)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    Terminal terminal(pseudo.screen.get());
    terminal.show_transient("progress");
    terminal.write("log\n");
    terminal.write("more\n");
    EXPECT_EQ(pseudo.shown(), "\r\x1b[Kprogress\r\x1b[Klog\r\nmore\r\n");
}

TEST(Terminal, CutsTheProgressLineToTheWidth)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    Terminal terminal(pseudo.screen.get());
    terminal.show_transient(std::string(100, 'x'));
    EXPECT_EQ(pseudo.shown(), "\r\x1b[K" + std::string(38, 'x') + "…");
}

TEST(ProgressLine, ShowsTheCountersAndClearsThemAtTheEnd)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    Terminal terminal(pseudo.screen.get());
    Progress progress;
    progress.phase = "copying";
    progress.entry = 1;
    progress.files = 12;
    {
        const ProgressLine line(Options(), terminal, progress, {"redis", "rspamd"});
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
    const std::string shown = pseudo.shown();
    EXPECT_THAT(shown, HasSubstr("rspamd: copying 12 files"));
    EXPECT_THAT(shown, testing::EndsWith("\r\x1b[K"));
}

TEST(ProgressLine, IsSilentWhereNobodyWantsIt)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    Terminal terminal(pseudo.screen.get());
    Progress progress;
    progress.phase = "copying";
    Options options;
    options.progress = false;
    {
        const ProgressLine line(options, terminal, progress, {});
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
    terminal.write("end\n");
    EXPECT_EQ(pseudo.shown(), "end\r\n");
}

TEST(Terminal, IsNoneWhereItIsAPipe)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Fd read_end(ends[0]), write_end(ends[1]);
    EXPECT_FALSE(Terminal(write_end.get()).shows_progress());
    EXPECT_EQ(Terminal(write_end.get()).columns(), 80U);
}

TEST(Paint, ObeysTheOptionThenTheEnvironment)
{
    const PseudoTerminal pseudo;
    if (!pseudo.screen) GTEST_SKIP() << "no pseudo terminal can be opened here";
    const int screen = pseudo.screen.get();
    const Variables xterm{{"TERM", "xterm"}}, dumb{{"TERM", "dumb"}}, none{{"TERM", "xterm"}, {"NO_COLOR", "1"}};
    EXPECT_EQ(paint_for(Color::automatic, xterm, screen), Paint::yes);
    EXPECT_EQ(paint_for(Color::automatic, dumb, screen), Paint::no);
    EXPECT_EQ(paint_for(Color::automatic, none, screen), Paint::no);
    EXPECT_EQ(paint_for(Color::always, none, screen), Paint::yes);
    EXPECT_EQ(paint_for(Color::never, xterm, screen), Paint::no);
    EXPECT_EQ(paint_for(Color::automatic, xterm, -1), Paint::no);
}

TEST(WriteAll, SaysWhenNobodyReads)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    Fd read_end(ends[0]);
    const Fd write_end(ends[1]);
    read_end.reset();
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    const Result<> written = write_all(write_end.get(), "x");
    std::signal(SIGPIPE, before);
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().number, EPIPE);
}

TEST(WriteAll, WaitsForASlowReaderOfANonBlockingStream)
{
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
    const Fd read_end(ends[0]), write_end(ends[1]);
    const std::string text(1'000'000, 'x');
    std::size_t received = 0;
    std::jthread reader([&] {
        std::array<char, 65'536> buffer{};
        while (received < text.size()) {
            const ssize_t count = ::read(read_end.get(), buffer.data(), buffer.size());
            if (count > 0) received += static_cast<std::size_t>(count);
            if (count < 0) std::this_thread::yield();
        }
    });
    EXPECT_TRUE(write_all(write_end.get(), text).has_value());
    reader.join();
    EXPECT_EQ(received, text.size());
}

}  // namespace
}  // namespace mailstate
