// SPDX-License-Identifier: MIT
#include "posix/id_map.hpp"

#include <array>
#include <limits>
#include <optional>

#include "mailstate/base/text.hpp"

namespace mailstate {
namespace {

// "         0     100000      65536"
std::optional<IdRange> range_of(std::string_view line)
{
    const auto fields = split_list(line, ' ');
    if (fields.size() != 3) return std::nullopt;
    std::array<std::uint32_t, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = parse_decimal(fields[i]);
        if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
        numbers.at(i) = static_cast<std::uint32_t>(*number);
    }
    return IdRange{numbers[0], numbers[1], numbers[2]};
}

}  // namespace

Result<std::vector<IdRange>> parse_id_map(std::string_view text)
{
    std::vector<IdRange> ranges;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const auto range = range_of(text.substr(0, end));
        if (!range) return fail(text_error("id_map:" + std::to_string(number), "this is not a line of an id map"));
        ranges.push_back(*range);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return ranges;
}

}  // namespace mailstate
