// SPDX-License-Identifier: MIT
// The log: spdlog's default logger, on stderr, as text or as one JSON object a line.
#pragma once

#include "app/cli/options.hpp"
#include "app/log/terminal.hpp"
#include "mailstate/base/error.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

void start_log(const Options& options, Paint paint, Terminal& terminal);

void stop_log();  // no line after this one; the terminal may go

// An error that a command ends with; as a record it has its code, subject and hint.
void log_refusal(const Finding& finding, const std::string& line);

// "cannot read: no such file (ENOENT). Hint.": an Error as a log message.
std::string with_hint(const Error& error);

}  // namespace mailstate
