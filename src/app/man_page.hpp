// SPDX-License-Identifier: MIT
// The manual page in the language of man(7), written from the tables that the help is made of.
#pragma once

#include <string>

namespace mailstate {

std::string man_page();

}  // namespace mailstate
