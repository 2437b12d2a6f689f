// SPDX-License-Identifier: MIT
// One log line, newline included. Any bytes in the message: nothing of it can end the line or move the cursor.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/options.hpp"
#include "app/log/terminal.hpp"

namespace mailstate {

std::string_view name_of(LogLevel level);  // "error", "warn", …

// With a time in front where there is one.
std::string text_log_line(LogLevel level, std::string_view message, Paint paint, std::string_view time = {});
std::string json_log_line(std::string_view time, LogLevel level, std::string_view message);

}  // namespace mailstate
