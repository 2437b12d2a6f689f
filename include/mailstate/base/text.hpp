// SPDX-License-Identifier: MIT
// Bytes into text that people and JSON can take, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

// For terminals and logs: valid UTF-8 stays, control characters, backslashes and other bytes become \xNN.
std::string printable(std::string_view bytes);

// The same spelling read back: \xNN into bytes. Nothing where a backslash is followed by anything else.
std::optional<std::string> from_printable(std::string_view text);

std::string human_bytes(std::uint64_t bytes);  // "12 B", "1.4 KiB", "3.0 GiB"
std::string human_count(std::uint64_t count, std::string_view singular,
                        std::string_view plural);  // "1 file", "12,345 files"
std::string octal_mode(std::uint32_t bits);        // "0750", "2710"

// "1,2,3" into {"1","2","3"}; empty parts are dropped, blanks around parts too.
std::vector<std::string> split_list(std::string_view text, char separator);

// Every part as it is, the empty ones too; they live as long as the text. At least one.
std::vector<std::string_view> fields_between(char separator, std::string_view text);

std::string join(std::span<const std::string> parts, std::string_view separator = ", ");

std::string lower(std::string_view text);  // ASCII letters

// A whole decimal number and nothing else.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

std::string_view trim(std::string_view text);  // white space of the C locale, both ends

std::string utc_text(std::int64_t seconds);  // since 1970: "2026-11-21T02:06:35Z"
std::string utc_now();

}  // namespace mailstate
