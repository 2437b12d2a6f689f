// SPDX-License-Identifier: MIT
// Looks at a JSON answer that need not have what is asked for: a member that is absent, null or of another type is the
// empty value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "app/output/json.hpp"

namespace mailstate {

const Json& member(const Json& json, std::string_view name);  // null where there is none
std::string text_of(const Json& json, std::string_view name);
std::uint64_t count_of(const Json& json, std::string_view name);
std::string free_space_of(const Json& filesystem);  // "1.4 GiB", "unknown"
double number_of(const Json& json, std::string_view name);
bool flag_of(const Json& json, std::string_view name);
const Json& list_of(const Json& json, std::string_view name);  // an array

}  // namespace mailstate
