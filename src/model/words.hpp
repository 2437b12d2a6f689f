// SPDX-License-Identifier: MIT
// Parts of messages about names that a person wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

// In double quotes, printable, shortened where it is very long.
std::string in_quotes(std::string_view text);

// "a", "b" or "c", each quoted.
std::string either(const std::vector<std::string_view>& words);

// The known word that is meant, where one is at most two slips away (a letter wrong, missing, added, or two swapped).
std::optional<std::string_view> nearest(std::string_view word, const std::vector<std::string_view>& known);

// `; did you mean "origin"?`, or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

// A variable's name for a shell: letters, digits and underscores, no digit in front.
bool is_shell_name(std::string_view text);

}  // namespace mailstate
