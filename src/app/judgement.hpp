// SPDX-License-Identifier: MIT
// The answer of the verbs that judge: verify and check.
#pragma once

#include <string_view>
#include <vector>

#include "app/session.hpp"
#include "mailstate/finding.hpp"

namespace mailstate {

// `all_well`: what is said where there are neither errors nor warnings.
Answer judgement(const Session& session, const std::vector<Finding>& findings, std::string_view all_well);

}  // namespace mailstate
