// SPDX-License-Identifier: MIT
// Digits for names that nobody else makes.
#pragma once

#include <functional>
#include <string>

namespace mailstate {

std::string random_digits();  // 16 hexadecimal ones

// For a test that repeats a run and wants the same names: what random_digits() gives in this thread from now on.
void set_digits_of_this_thread(std::function<std::string()> source);

}  // namespace mailstate
