// SPDX-License-Identifier: MIT
// --report: what a command answers, kept in a file, as JSON or as a page, by the name's ending. The JSON is described
// by src/report/report.schema.json.
#pragma once

#include <optional>

#include "app/commands/session.hpp"
#include "app/output/json.hpp"

namespace mailstate {

// The object that `--output json` prints, with the time, the volume, and the known capabilities of the volume.
Json report_of(const Session& session, Json answer);

// See keep_report(). A warning for the answer where it could not be written; nothing where it was, or where nobody
// asked for it.
std::optional<Finding> write_report(const Session& session, const Json& answer);

}  // namespace mailstate
