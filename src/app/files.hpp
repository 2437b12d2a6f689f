// SPDX-License-Identifier: MIT
// The files that an operator names on the command line: layouts, settings, saved plans.
#pragma once

#include <string>

#include "mailstate/result.hpp"
#include "mailstate/types.hpp"

namespace mailstate {

// A whole regular file (or what a pipe gives until its end); EFBIG beyond 64 MiB.
Result<std::string> read_input_file(const std::string& path);

// Whole and durable, or as before: a temporary name beside it, fsync, rename, fsync of the directory. What is no
// regular file (/dev/stdout) is refused.
Result<> write_output_file(const std::string& path, const std::string& content, Mode mode = Mode{0600});

}  // namespace mailstate
