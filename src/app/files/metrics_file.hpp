// SPDX-License-Identifier: MIT
// --metrics: the file that node_exporter's textfile collector reads.
#pragma once

#include <optional>

#include "app/commands/commands.hpp"
#include "app/output/run_view.hpp"

namespace mailstate {

// Whole or as before, mode 0644. A warning where it could not be written, for the answer to say; nothing where it was,
// or where nobody asked for it.
std::optional<Finding> write_metrics(std::string_view command, const Call& call, const RunView& view, int exit_code);

// The same of a run that ended before it had begun: a bad command line, layout or root. Its series have the labels of
// the run's; a layout that cannot be read is named as it was asked for. What goes wrong is logged.
void write_metrics_of_refusal(std::string_view command, const Call& call, const Answer& answer);

}  // namespace mailstate
