// SPDX-License-Identifier: MIT
// --report: what a command answers, kept in a file, as JSON or as a page, by the name's ending. The JSON is described
// by src/report/report.schema.json.
#pragma once

#include <optional>

#include "app/json.hpp"
#include "app/session.hpp"

namespace mailstate {

// What `--output json` prints, and beside it when that was, the volume, and what it can do as far as that is known.
Json report_of(const Session& session, Json answer);

// Whole or as before, and its owner's alone: it has addresses and paths. A warning where it could not be written, for
// the answer to say; nothing where it was, or where nobody asked for it.
std::optional<Finding> write_report(const Session& session, const Json& answer);

// The same of a run that ended before it had begun. What goes wrong is logged.
void write_report_of_refusal(const Options& options, const Json& answer);

}  // namespace mailstate
