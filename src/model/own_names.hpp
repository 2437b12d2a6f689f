// SPDX-License-Identifier: MIT
// Names that only mailstate makes, as its records spell them: whatever else a record says there is a mistake in it.
#pragma once

#include <string_view>

namespace mailstate {

// The 16 digits of a run.
bool is_run(std::string_view text);

// Staging inside a destination that is filled in place: ".mailstate-staging.<run>".
bool is_staging_in_place(std::string_view name);

// One name, below .mailstate/displaced: no slash, no dot in front.
bool is_name_below_displaced(std::string_view name);

}  // namespace mailstate
