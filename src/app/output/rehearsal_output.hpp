// SPDX-License-Identifier: MIT
// What a rehearsal says, for people and for machines.
#pragma once

#include "app/log/terminal.hpp"
#include "app/output/json.hpp"
#include "app/output/run_view.hpp"
#include "mailstate/engine/rehearsal.hpp"

namespace mailstate {

RunView view_of(const Rehearsal& rehearsal, std::optional<FilesystemFacts> volume);

Json rehearsal_json(const Rehearsal& rehearsal, const RunView& view, int exit_code);
std::string rehearsal_text(const Rehearsal& rehearsal, const RunView& view, Paint paint);  // all but the summary
std::string rehearsal_summary(const Rehearsal& rehearsal);

}  // namespace mailstate
