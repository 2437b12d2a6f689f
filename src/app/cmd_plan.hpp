// SPDX-License-Identifier: MIT
#pragma once

#include "app/session.hpp"

namespace mailstate {

// Probes, plans, saves the plan where --out asks for it.
Answer answer_with_plan(const Session& session);

// A plan as text or JSON, and its exit code.
Answer rendered(const Session& session, const Plan& plan);

}  // namespace mailstate
