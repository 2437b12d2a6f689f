// SPDX-License-Identifier: MIT
// What a rehearsal says, for people and for machines.
#pragma once

#include "app/json.hpp"
#include "app/run_view.hpp"
#include "app/terminal.hpp"
#include "mailstate/rehearsal.hpp"

namespace mailstate {

RunView view_of(const Rehearsal& rehearsal, std::optional<FilesystemFacts> volume);

Json rehearsal_json(const Rehearsal& rehearsal, const RunView& view, int exit_code);
std::string rehearsal_text(const Rehearsal& rehearsal, const RunView& view, Paint paint);  // all but the summary
std::string rehearsal_summary(const Rehearsal& rehearsal);

}  // namespace mailstate
