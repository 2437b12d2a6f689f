// SPDX-License-Identifier: MIT
#include "app/log/log_line.hpp"

#include "app/output/json.hpp"
#include "app/output/palette.hpp"
#include "base/escape.hpp"

namespace mailstate {

std::string_view name_of(LogLevel level)
{
    switch (level) {
        case LogLevel::error:
            return "error";
        case LogLevel::warn:
            return "warn";
        case LogLevel::info:
            return "info";
        case LogLevel::debug:
            return "debug";
        case LogLevel::trace:
            return "trace";
    }
    return "info";
}

std::string text_log_line(LogLevel level, std::string_view message, Paint paint, std::string_view time)
{
    std::string name(name_of(level));
    if (level == LogLevel::error) name = painted(name, Colour::red, paint);
    if (level == LogLevel::warn) name = painted(name, Colour::yellow, paint);
    const std::string front = time.empty() ? std::string() : std::string(time) + " ";
    return front + "mailstate: " + name + ": " + escape(message, Backslash::keep) + "\n";
}

std::string json_log_line(std::string_view time, LogLevel level, std::string_view message)
{
    const Json line = {{"time", time}, {"level", name_of(level)}, {"message", escape(message, Backslash::keep)}};
    return one_line(line);
}

}  // namespace mailstate
