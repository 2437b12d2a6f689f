// SPDX-License-Identifier: MIT
#pragma once

#include "app/page/html.hpp"

namespace mailstate {

// A bar as long as the part of a track that is the whole, where it begins after another part. For the eye only.
Html bar_in_track(double part, double whole, double begin = 0);

}  // namespace mailstate
