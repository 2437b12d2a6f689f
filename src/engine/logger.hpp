// SPDX-License-Identifier: MIT
// What engine and app say to the log. spdlog stands behind it, in one source: its headers cost each source that has
// them eight seconds of compiling.
#pragma once

#include <string>

namespace mailstate {

void log_error(const std::string& line);
void log_warn(const std::string& line);
void log_info(const std::string& line);
void log_debug(const std::string& line);
void end_log();  // no line after this one; what it writes to may go

}  // namespace mailstate
