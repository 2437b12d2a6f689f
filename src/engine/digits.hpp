// SPDX-License-Identifier: MIT
// Digits and time stamps for names that nobody else makes.
#pragma once

#include <functional>
#include <string>

namespace mailstate {

std::string random_digits();  // 16 hexadecimal ones
std::string name_stamp();     // now, in UTC: "20261128T070245Z"

// For a test that repeats a run and wants the same names in the same order: what the two give in this thread from now
// on.
struct NameSource {
    std::function<std::string()> digits;
    std::string stamp;  // as utc_now() has it; empty: now
};
void set_names_of_this_thread(NameSource source);

}  // namespace mailstate
