// SPDX-License-Identifier: MIT
// Destinations of two entries that are one directory, or one inside the other, by a bind mount: no text of a layout
// shows that.
#pragma once

#include "engine/surroundings.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

// Into EntrySurvey::shared_with of both. Asks nothing where no destination is a mount of its own.
Result<> note_shared_destinations(const World& world, const Surroundings& around, Survey& survey);

}  // namespace mailstate
