// SPDX-License-Identifier: MIT
// The files that an operator names on the command line: layouts, settings, saved plans, reports.
#pragma once

#include <optional>
#include <string>

#include "mailstate/base/result.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

struct Stop;

// A whole regular file (or what a pipe gives until its end); EFBIG beyond 64 MiB. ECANCELED where a signal comes while
// it waits for the writer of the pipe.
Result<std::string> read_input_file(const std::string& path, const Stop& stop);

// Whole and durable, or as before: a draft beside it, fsync, rename, fsync of the directory. What is not a regular file
// (/dev/stdout) is refused.
Result<> write_output_file(const std::string& path, const std::string& content, Mode mode = Mode{0600});

// The same of a file beside the answer, which nothing fails for want of: where it could not be written, a finding with
// this code.
std::optional<Finding> write_beside(FindingCode not_written, const std::string& path, const std::string& content,
                                    Mode mode);

}  // namespace mailstate
