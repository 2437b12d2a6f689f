// SPDX-License-Identifier: MIT
// The answer of what only looks while a run is at work: one note, and the exit code of a lock that is held.
#pragma once

#include <optional>

#include "app/commands/session.hpp"

namespace mailstate {

// Nothing where no run is at work.
std::optional<Answer> answer_under_way(const Session& session);

}  // namespace mailstate
