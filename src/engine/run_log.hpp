// SPDX-License-Identifier: MIT
// RunLog: what a run said, changed and failed at. Each of the four that change something (apply, rollback, displaced
// restore, displaced prune) keeps one.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "engine/workspace.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

class RunLog {
public:
    // said: told each change as it is done; may be empty. The run begins now.
    RunLog(const World& world, std::function<void(const std::string& line)> said);

    void changed(std::string sentence);
    void changed_besides(std::string sentence);  // that belongs to no entry's line
    void found(Finding finding);

    // An entry each for the lines of a new plan, and the plan's findings.
    void take_plan(Plan plan);

    // The error ends the run: outcome and finding. Nothing was changed where nothing says otherwise.
    void stop_with(const Error& error);

    // Into the history and the ledger; exit_code: of the run. command: "rollback --before 7".
    Result<> record(Workspace& workspace, std::string version, std::string command, int exit_code) const;

    // The end of the run. One that stopped midway and went on is not done.
    Report take();

    Report report;
    bool midway = false;   // an origin is neither whole nor a link
    bool touched = false;  // something may have been changed that is not among the changes
    bool stopped = false;

private:
    const World& world_;
    std::function<void(const std::string& line)> said_;
    std::string started_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// Of a run of which this is all: 0, or 5 where an origin is in between.
inline int exit_code_of(const RunLog& log)
{
    return log.midway ? 5 : 0;
}

}  // namespace mailstate
