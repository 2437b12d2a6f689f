// SPDX-License-Identifier: MIT
// check --fix: what can be repaired safely, each finding by itself. Configuration that people wrote is not edited: the
// finding has the line to write.
#pragma once

#include <vector>

#include "app/commands/session.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

// The findings that are left; what was repaired is a note, "repaired: …", under the same code.
std::vector<Finding> fix_findings(const Session& session, const Evidence& evidence, std::vector<Finding> findings);

}  // namespace mailstate
