// SPDX-License-Identifier: MIT
#include "model/own_names.hpp"

namespace mailstate {

bool is_run(std::string_view text)
{
    constexpr std::size_t digits = 16;
    return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_staging_in_place(std::string_view name)
{
    constexpr std::string_view prefix = ".mailstate-staging.";
    return name.starts_with(prefix) && is_run(name.substr(prefix.size()));
}

bool is_name_below_displaced(std::string_view name)
{
    constexpr std::string_view forbidden("/\0", 2);
    constexpr std::size_t longest = 255;
    if (name.empty() || name.front() == '.' || name.size() > longest) return false;
    return name.find_first_of(forbidden) == std::string_view::npos;
}

}  // namespace mailstate
