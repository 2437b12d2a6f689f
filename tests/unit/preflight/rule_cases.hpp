// SPDX-License-Identifier: MIT
// For each rule a bad example and its good twin.
#pragma once

#include <vector>

#include "unit/preflight/rule_world.hpp"

namespace mailstate {

const std::vector<RuleCase>& docker_mailserver_cases();
const std::vector<RuleCase>& mailu_cases();
const std::vector<RuleCase>& mailcow_cases();

}  // namespace mailstate
