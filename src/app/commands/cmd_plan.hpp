// SPDX-License-Identifier: MIT
#pragma once

#include "app/commands/session.hpp"

namespace mailstate {

// Probes, plans, saves the plan where --out asks for it.
Answer answer_with_plan(const Session& session);

// A plan as text or JSON, its exit code, and the files that --metrics and --report ask for.
Answer rendered(const Session& session, Plan plan);

}  // namespace mailstate
