// SPDX-License-Identifier: MIT
#include "model/json_nouns.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"

namespace mailstate {
namespace {

bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

}  // namespace

Result<> read(const JsonNode& node, Kind& kind)
{
    static constexpr Kind kinds[] = {Kind::regular, Kind::directory,   Kind::symlink,     Kind::fifo,
                                     Kind::socket,  Kind::char_device, Kind::block_device};
    return read_name(node, kinds, kind);
}

Result<> read(const JsonNode& node, Mode& mode)
{
    std::string text;
    TRY(read(node, text));
    if (text.size() != 4 || !std::all_of(text.begin(), text.end(), is_octal))
        return mistake(node, in_quotes(text) + " is not a mode", "A mode has four octal digits, such as \"0750\".");
    mode.bits = static_cast<std::uint32_t>(std::stoul(text, nullptr, 8));
    return {};
}

Result<> read(const JsonNode& node, Timestamp& time)
{
    constexpr std::uint32_t second = 1'000'000'000;
    std::vector<std::int64_t> parts;
    TRY(read(node, parts));
    if (parts.size() != 2 || parts[1] < 0 || parts[1] >= second)
        return mistake(node, "expected a time", "A time is [seconds, nanoseconds], such as [1700000000, 0].");
    time = {parts[0], static_cast<std::uint32_t>(parts[1])};
    return {};
}

OrderedJson to_json(const std::string& text)
{
    return printable(text);
}

OrderedJson to_json(const Mode& mode)
{
    return octal_mode(mode.bits);
}

OrderedJson to_json(const Timestamp& time)
{
    return OrderedJson::array({time.seconds, time.nanoseconds});
}

}  // namespace mailstate
