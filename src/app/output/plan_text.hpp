// SPDX-License-Identifier: MIT
// What plan, apply and rollback print for people.
#pragma once

#include <string>
#include <string_view>

#include "app/log/terminal.hpp"
#include "app/output/run_view.hpp"

namespace mailstate {

// All but the summary. `command`: "plan", "apply --dry-run" or "rollback --dry-run". `next`: the command to run next.
std::string plan_text(const RunView& view, Paint paint);
std::string plan_summary(std::string_view command, const Plan& plan, const RunView& view, const std::string& next);

// Findings; with Entries::all the entries, too. What was done is in the log already.
enum class Entries : bool { none, all };
std::string report_text(const Report& report, const RunView& view, Entries entries, Paint paint);
// "apply: 3 entries moved (412 files, 1.3 MiB), 12 in place, 1 left alone; 1 warning; in 1.23 s"
std::string report_summary(std::string_view command, const Report& report, const RunView& view);

}  // namespace mailstate
