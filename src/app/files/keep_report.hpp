// SPDX-License-Identifier: MIT
// A report's file: JSON, or a page, by the name's ending.
#pragma once

#include <optional>
#include <string>

#include "app/cli/options.hpp"
#include "app/output/json.hpp"

namespace mailstate {

// Whole or as before, and its owner's alone: it has addresses and paths. A warning where it could not be written.
std::optional<Finding> keep_report(const std::string& file, const Json& report);

void add_time_and_host(Json& report);

// That of a run that ended before it had begun, where one is asked for. What goes wrong is logged.
void write_report_of_refusal(const Options& options, const Json& answer);

}  // namespace mailstate
