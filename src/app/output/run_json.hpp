// SPDX-License-Identifier: MIT
// What plan, apply and rollback print for machines.
#pragma once

#include <string_view>

#include "app/output/json.hpp"
#include "app/output/run_view.hpp"

namespace mailstate {

// `command`: "plan", "apply" or "rollback". With --dry-run the answer of the latter two is a plan's, with
// "dry_run": true.
Json entry_json(const EntryLine& entry);                       // what every command says of an entry
Json run_json(std::string_view command, const RunView& view);  // what an answer about a layout begins with
Json plan_json(std::string_view command, const Plan& plan, const RunView& view, int exit_code);
Json report_json(std::string_view command, const Report& report, const RunView& view, int exit_code);

Json filesystem_json(const std::optional<FilesystemFacts>& volume);  // null where there is none

// What the volume can do, as it was tested and as its type lets expect. untested: why nothing was.
Json tested_json(const Capabilities& known, const FilesystemFacts& volume, const std::string& untested = {});

}  // namespace mailstate
