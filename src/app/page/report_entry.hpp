// SPDX-License-Identifier: MIT
// One entry of a plan or a run, as the page tells it.
#pragma once

#include <string>

#include "app/output/json_look.hpp"
#include "app/page/html.hpp"
#include "app/page/prose.hpp"
#include "mailstate/model/decision.hpp"

namespace mailstate {

Movement movement_of(const Json& entry);      // of a decision that is not known: stay
std::string name_of_fate(const Json& entry);  // "not-reached": of a run what became of the entry, else what would
std::string fate_of(const Json& entry);       // for a sentence: "to move", "moved", "linked, with content set aside"
bool was_not_reached(const Json& entry);
bool is_exceptional(const Json& entry);  // the reader should see its reason

Html arrow_of(Movement movement);
Html remarks_of(const Json& entry);  // what else becomes of its files; empty where that is nothing
Html box_of(const Json& entry);

struct RunProgress {  // of a run: how many of the enabled entries have come to their end
    std::size_t done = 0, entries = 0;
};
RunProgress progress_of(const Json& report);      // a plan's is 0 of 0
std::string progress_text(RunProgress progress);  // "7 of 16 entries"

}  // namespace mailstate
