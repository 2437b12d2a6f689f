// SPDX-License-Identifier: MIT
// Completion scripts for shells, written from the tables of commands and options.
#pragma once

#include <string>

namespace mailstate {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace mailstate
