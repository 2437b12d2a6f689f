// SPDX-License-Identifier: MIT
// Codes explained. Nothing of the system is looked at.
#pragma once

#include <string>
#include <string_view>

#include "app/commands.hpp"

namespace mailstate {

Answer run_explain(const Call& call);

// Of `mailstate explain`, and of check --explain, whose answer has the member "rules".
Answer explain_code(std::string_view command, const Call& call, const std::string& code);

}  // namespace mailstate
