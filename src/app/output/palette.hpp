// SPDX-License-Identifier: MIT
// Colours for decisions and severities.
#pragma once

#include <string>
#include <string_view>

#include "app/log/terminal.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

enum class Colour { plain, red, yellow, green, blue, grey };

std::string painted(std::string_view text, Colour colour, Paint paint);

Colour colour_of(Severity severity);
Colour colour_of(Decision decision);

}  // namespace mailstate
