// SPDX-License-Identifier: MIT
// Where random_digits() of workspace.hpp comes from.
#pragma once

#include <functional>
#include <string>

namespace mailstate {

// For a test that repeats a run and wants the same names: what random_digits() gives in this thread from now on.
void set_digits_of_this_thread(std::function<std::string()> source);

}  // namespace mailstate
