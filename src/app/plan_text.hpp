// SPDX-License-Identifier: MIT
// What plan, apply and rollback print for people.
#pragma once

#include <string>
#include <string_view>

#include "app/run_view.hpp"
#include "app/terminal.hpp"

namespace mailstate {

// `command`: "plan", "apply --dry-run" or "rollback --dry-run". `saved_to`: the file of --out, or empty.
std::string plan_text(std::string_view command, const Plan& plan, const RunView& view, const std::string& saved_to,
                      Paint paint);

// One line, below warnings and errors, where there was nothing to do.
std::string report_text(std::string_view command, const Report& report, const RunView& view, Paint paint);

}  // namespace mailstate
