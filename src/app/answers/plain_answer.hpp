// SPDX-License-Identifier: MIT
// The answer of a command that judges and changes nothing: a text, or in JSON the same as one member.
#pragma once

#include <string>
#include <string_view>

#include "app/commands/commands.hpp"
#include "app/output/json.hpp"

namespace mailstate {

Answer plain_answer(std::string_view command, const Options& options, std::string text, std::string_view member,
                    Json value);

}  // namespace mailstate
