// SPDX-License-Identifier: MIT
#include "mailstate/base/text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <limits>

#include "base/escape.hpp"

namespace mailstate {
namespace {

constexpr std::string_view white_space = " \t\n\v\f\r";

std::optional<char> hex_byte(std::string_view two)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(two.data(), two.data() + two.size(), value, 16);
    if (two.size() != 2 || error != std::errc{} || end != two.data() + two.size()) return std::nullopt;
    return static_cast<char>(static_cast<unsigned char>(value));
}

std::string with_thousands(std::uint64_t count)
{
    auto text = std::to_string(count);
    for (auto at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

}  // namespace

std::string printable(std::string_view bytes)
{
    return escape(bytes, Backslash::escape);
}

std::optional<std::string> from_printable(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            bytes += text[i];
            continue;
        }
        if (text.substr(i, 2) != "\\x") return std::nullopt;
        const auto byte = hex_byte(text.substr(i + 2, 2));
        if (!byte) return std::nullopt;
        bytes += *byte;
        i += 3;
    }
    return bytes;
}

std::string human_bytes(std::uint64_t bytes)
{
    // A filesystem that does not count its blocks: FilesystemFacts.
    if (bytes == std::numeric_limits<std::uint64_t>::max()) return "an unknown amount";
    if (bytes < 1024) return std::to_string(bytes) + " B";
    constexpr std::array units = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes) / 1024;
    std::size_t unit = 0;
    // From 1023.95 on, one decimal would show 1024.0.
    for (; value >= 1023.95 && unit + 1 < units.size(); ++unit) value /= 1024;
    std::array<char, 32> text{};
    (void)std::snprintf(text.data(), text.size(), "%.1f %s", value, units.at(unit));  // 1023.9 KiB at the longest
    return text.data();
}

std::string human_count(std::uint64_t count, std::string_view singular, std::string_view plural)
{
    return with_thousands(count).append(" ").append(count == 1 ? singular : plural);
}

std::string octal_mode(std::uint32_t bits)
{
    std::string text;
    for (const auto shift : {9U, 6U, 3U, 0U}) text += static_cast<char>('0' + (bits >> shift & 7U));
    return text;
}

std::vector<std::string> split_list(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        if (const auto part = trim(text.substr(0, end)); !part.empty()) parts.emplace_back(part);
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator)
{
    std::string text;
    for (const std::string& part : parts) {
        if (&part != &parts.front()) text += separator;
        text += part;
    }
    return text;
}

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& letter : result)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return result;
}

std::vector<std::string_view> fields_between(char separator, std::string_view text)
{
    std::vector<std::string_view> fields;
    for (;;) {
        const auto end = text.find(separator);
        fields.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return fields;
        text.remove_prefix(end + 1);
    }
}

std::optional<std::uint64_t> parse_decimal(std::string_view text)
{
    std::uint64_t value = 0;
    const auto* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (text.empty() || error != std::errc{} || end != last) return std::nullopt;
    return value;
}

std::string_view trim(std::string_view text)
{
    const auto begin = text.find_first_not_of(white_space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

std::string utc_text(std::int64_t seconds)
{
    const std::time_t time = seconds;
    std::tm parts{};
    std::array<char, 64> text{};
    if (::gmtime_r(&time, &parts) == nullptr) return std::to_string(seconds);  // beyond the year 2^31
    (void)std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

std::string utc_now()
{
    return utc_text(std::time(nullptr));
}

}  // namespace mailstate
