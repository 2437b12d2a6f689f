// SPDX-License-Identifier: MIT
// How a run ended, in the words that several commands share.
#pragma once

#include <string>

namespace mailstate {

inline constexpr const char* blocked_text = "blocked, nothing was changed; the errors above say why";
inline constexpr const char* locked_text =
    "another run holds the lock, nothing was changed; try again later, or wait longer with --lock-timeout";
std::string no_volume_text(const std::string& state_dir);

}  // namespace mailstate
