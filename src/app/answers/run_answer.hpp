// SPDX-License-Identifier: MIT
// The answer of a run: the files that --metrics and --report name, and what goes to stdout, all of one view. A file
// that could not be written is a finding of the run, which they then have too.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/commands/session.hpp"
#include "app/log/terminal.hpp"
#include "app/output/json.hpp"
#include "app/output/run_view.hpp"

namespace mailstate {

struct Telling {                     // how a run is told; asked again when a finding was added
    std::vector<Finding>& findings;  // of which the rest is made
    std::function<int()> exit_code;  //
    std::function<RunView()> view;   // findings worst first
    std::function<Json(const RunView& view, int exit_code)> json;
    std::function<std::string(const RunView& view, Paint paint)> text;  // all but the summary
    std::function<std::string(const RunView& view)> summary;            // one sentence, and more lines where it has any
};

Answer told(const Session& session, const Telling& telling);

}  // namespace mailstate
