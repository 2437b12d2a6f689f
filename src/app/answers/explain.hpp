// SPDX-License-Identifier: MIT
// Codes explained. Nothing of the system is looked at.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/answers/code_facts.hpp"
#include "app/commands/commands.hpp"

namespace mailstate {

inline constexpr const char* see_list = "See: mailstate explain --list.";

std::string text_of(const CodeFacts& facts);  // some lines

// The answer of `mailstate explain` has the member "codes"; that of check --explain has "rules".
Answer answer_codes(std::string_view command, const Call& call, const std::vector<CodeFacts>& facts, std::string text);
Answer explain_code(std::string_view command, const Call& call, const std::string& code);

}  // namespace mailstate
