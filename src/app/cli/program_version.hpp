// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace mailstate {

std::string_view version();       // "0.1.0"
std::string_view release_date();  // of that version: "2026-11-26"

}  // namespace mailstate
