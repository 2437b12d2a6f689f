// SPDX-License-Identifier: MIT
// The history for people and for machines.
#pragma once

#include <optional>
#include <string>

#include "app/output/json.hpp"
#include "mailstate/model/history.hpp"

namespace mailstate {

// "linked", "rolled-back", or "at-origin" where the volume had nothing of it.
std::string_view state_name(const std::optional<Phase>& phase);

std::string history_text(const std::vector<HistoryRun>& runs);
Json history_json(const std::vector<HistoryRun>& runs);

}  // namespace mailstate
