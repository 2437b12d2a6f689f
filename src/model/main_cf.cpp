// SPDX-License-Identifier: MIT
#include "model/main_cf.hpp"

#include <algorithm>
#include <limits>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::uint64_t default_size_limit = 10'240'000;

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// Comments and empty lines may stand between a line and its continuation.
bool says_nothing(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos || line[first] == '#';
}

}  // namespace

std::optional<std::string> main_cf_value(std::string_view text, std::string_view name)
{
    std::optional<std::string> value;
    bool continues = false;  // the logical line that is being read sets the parameter
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (says_nothing(line)) continue;
        if (is_blank(line.front())) {
            if (continues) value->append(value->empty() ? "" : " ").append(trim(line));
            continue;
        }
        const std::size_t equals = line.find('=');
        continues = equals != std::string_view::npos && trim(line.substr(0, equals)) == name;
        if (continues) value = trim(line.substr(equals + 1));
    }
    return value;
}

std::uint64_t queue_headroom(std::string_view main_cf)
{
    const std::optional<std::string> text = main_cf_value(main_cf, "message_size_limit");
    std::uint64_t limit = text ? parse_decimal(*text).value_or(0) : 0;
    if (limit == 0) limit = default_size_limit;
    return limit > std::numeric_limits<std::uint64_t>::max() / 2 ? std::numeric_limits<std::uint64_t>::max()
                                                                 : limit + limit / 2;
}

}  // namespace mailstate
