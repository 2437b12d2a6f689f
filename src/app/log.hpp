// SPDX-License-Identifier: MIT
// The log: spdlog's default logger, on stderr, as text or as one JSON object a line.
#pragma once

#include "app/options.hpp"
#include "app/terminal.hpp"
#include "mailstate/error.hpp"

namespace mailstate {

void start_log(const Options& options, Paint paint, Terminal& terminal);

// "cannot read: no such file (ENOENT). Hint.": an Error as a log message.
std::string with_hint(const Error& error);

}  // namespace mailstate
