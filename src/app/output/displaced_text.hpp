// SPDX-License-Identifier: MIT
// Displaced content for people and for machines.
#pragma once

#include <string>
#include <string_view>

#include "app/log/terminal.hpp"
#include "app/output/json.hpp"
#include "mailstate/engine/displaced.hpp"

namespace mailstate {

std::string displaced_text(const std::vector<DisplacedItem>& items);
Json displaced_json(const std::vector<DisplacedItem>& items);

std::uint64_t bytes_of(const std::vector<DisplacedItem>& items);

// The answer of restore and prune. action: "restore", "prune".
std::string displaced_report_text(std::string_view action, const DisplacedReport& report, Paint paint);

}  // namespace mailstate
