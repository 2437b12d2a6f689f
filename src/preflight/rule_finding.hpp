// SPDX-License-Identifier: MIT
// A finding of what a parser saw on the way that a rule is about.
#pragma once

#include <string>
#include <string_view>

#include "mailstate/model/finding.hpp"

namespace mailstate {

// id: of a rule that exists. Without a hint the rule's own.
Finding finding_of_rule(std::string_view id, std::string subject, std::string message, std::string hint);

}  // namespace mailstate
