// SPDX-License-Identifier: MIT
// Is a run at work on the volume? What it moves is in motion, and nobody who only looks can judge it.
#pragma once

#include <optional>

#include "mailstate/engine/engine.hpp"

namespace mailstate {

// A note that says which, since when and who; nothing where no run holds the volume's lock, or where that cannot be
// told: safety never depends on it.
std::optional<Finding> run_at_work(const World& world);

}  // namespace mailstate
