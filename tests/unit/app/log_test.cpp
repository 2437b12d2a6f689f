// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "app/log/log.hpp"
#include "app/log/log_line.hpp"
#include "app/output/json.hpp"

namespace mailstate {
namespace {

std::string every_byte()
{
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    return bytes;
}

TEST(LogLine, SaysWhoSpeaksAndHowLoud)
{
    EXPECT_EQ(text_log_line(LogLevel::info, "moved redis", Paint::no), "mailstate: info: moved redis\n");
    EXPECT_EQ(text_log_line(LogLevel::warn, "x", Paint::no), "mailstate: warn: x\n");
}

TEST(LogLine, ColoursTheLevelAndNothingElse)
{
    EXPECT_EQ(text_log_line(LogLevel::error, "x", Paint::yes), "mailstate: \x1b[31merror\x1b[0m: x\n");
}

TEST(LogLine, IsOneLineWhateverTheMessage)
{
    const std::string line = text_log_line(LogLevel::info, every_byte(), Paint::no);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
}

TEST(LogLine, KeepsWhatIsEscapedAlready)
{
    EXPECT_EQ(text_log_line(LogLevel::info, "left \\x0A alone", Paint::no), "mailstate: info: left \\x0A alone\n");
}

TEST(LogLine, IsValidJsonWhateverTheMessage)
{
    const std::string line = json_log_line("2026-11-21T02:06:35Z", LogLevel::debug, every_byte());
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const Json json = Json::parse(line);
    EXPECT_EQ(json.at("time"), "2026-11-21T02:06:35Z");
    EXPECT_EQ(json.at("level"), "debug");
    EXPECT_THAT(json.at("message").get<std::string>(), testing::HasSubstr("abc"));
}

TEST(LogLine, JoinsAnErrorAndItsHint)
{
    EXPECT_EQ(with_hint(text_error("--jobs", "needs a value", "Write: --jobs N.")),
              "--jobs: needs a value. Write: --jobs N.");
    EXPECT_EQ(with_hint(text_error("--jobs", "needs a value")), "--jobs: needs a value");
    EXPECT_EQ(with_hint(text_error("x", "did you mean \"y\"?", "Look.")), "x: did you mean \"y\"? Look.");
}

}  // namespace
}  // namespace mailstate
