// SPDX-License-Identifier: MIT
// RunView: what a plan or a report says, in the one form that text and JSON are made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/engine/engine.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

struct EntryLine {
    std::string name, origin, destination;
    Decision decision = Decision::leave_alone;
    std::optional<EntryOutcome> outcome;  // of what has run
    std::string reason;
    Amount amount;                // to be copied, or copied
    std::uint64_t owners = 0;     // files whose owner or mode is to be set, or was
    std::uint64_t stale = 0;      // names to be removed from the destination
    std::uint64_t displaced = 0;  // names set aside
    std::string displaced_to;
    AsideTotals set_aside;  // of a plan: what would be
};

struct RunView {
    std::string layout_name, state_dir;
    int layout_version = 0;
    std::optional<FilesystemFacts> volume;  // nothing where the state directory does not exist
    std::vector<EntryLine> entries;
    std::vector<std::string> besides;  // what was done and belongs to no entry
    std::vector<Finding> findings;     // worst first
};

RunView view_of(const Plan& plan, std::optional<FilesystemFacts> volume);
RunView view_of(const Report& report, std::optional<FilesystemFacts> volume);

// Worst first; the order of equals stays.
std::vector<Finding> by_severity(std::vector<Finding> findings);

}  // namespace mailstate
