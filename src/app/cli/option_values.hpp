// SPDX-License-Identifier: MIT
// Texts into the values of options. Error: message and hint only; who gave the value is for the caller to say.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/options.hpp"
#include "mailstate/base/result.hpp"

namespace mailstate {

Result<> assign_text(std::string& target, std::string_view value);  // not empty
Result<> assign_from_root(PlanOptions& target, std::string_view value);
Result<> assign_state_dir(std::string& target, std::string_view value);  // absolute; normalised
Result<> assign_list(std::vector<std::string>& target, std::string_view value);
Result<> assign_switch(bool& target, std::string_view value);      // 1 true yes on, 0 false no off
Result<> assign_switch_off(bool& target, std::string_view value);  // the reverse, for --no-…
Result<> assign_seconds(std::chrono::milliseconds& target, std::string_view value);
Result<> assign_count(std::uint64_t& target, std::string_view value);                      // 1 or more
Result<> assign_age(std::optional<std::chrono::seconds>& target, std::string_view value);  // 12h, 30d, 8w
Result<> assign_jobs(int& target, std::string_view value);
Result<> assign_count(std::optional<std::uint64_t>& target, std::string_view value);  // 1 or more

Result<> assign_report(std::string& target, std::string_view value);  // ends in .json or .html

Result<> assign_output(Output& target, std::string_view value);
Result<> assign_log_level(LogLevel& target, std::string_view value);
Result<> assign_log_format(LogFormat& target, std::string_view value);
Result<> assign_color(Color& target, std::string_view value);
Result<> assign_verification(Verification& target, std::string_view value);
Result<> assign_system(std::string& target, std::string_view value);
Result<> assign_map_format(bool& dovecot, std::string_view value);
Result<> assign_ownership(OwnershipPass& target, std::string_view value);

}  // namespace mailstate
