// SPDX-License-Identifier: MIT
// The answer of a command that could not begin, or not end: said in the log, and in JSON as an error finding.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/exit_code.hpp"
#include "app/commands/commands.hpp"
#include "mailstate/base/error.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

Answer refused(std::string_view command, const Options& options, ExitCode exit_code, FindingCode code,
               const Error& error);

// A file that the command line names could not be read or used: 128+n where a signal ended the wait for it, else 65.
Answer bad_file(std::string_view command, const Call& call, FindingCode code, const Error& error);

// A reading verb that failed: 128+n where a signal stopped it, else blocked.
Answer failed(std::string_view command, const Call& call, FindingCode code, const Error& error);

}  // namespace mailstate
