// SPDX-License-Identifier: MIT
// A libFuzzer target's parts: what every parser promises, whatever the bytes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mailstate/base/error.hpp"

namespace mailstate {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size)
{
    return {reinterpret_cast<const char*>(data), size};
}

inline void promise(bool kept, const char* what)
{
    if (kept) return;
    (void)std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

// An error says where and what, in a line that a terminal can show.
inline void look_at(const Error& error)
{
    const std::string text = describe(error);
    promise(!error.message.empty(), "an error has a message");
    promise(text.size() < 2000, "an error is short");
}

// What was parsed comes back from its own text as it was.
template <class Parse>
void comes_back(Parse parse, std::string_view text)
{
    const auto parsed = parse("file", text);
    if (!parsed) return look_at(parsed.error());
    const std::string written = to_json_text(*parsed);
    const auto again = parse("file", written);
    if (!again) look_at(again.error());
    promise(static_cast<bool>(again), "what was written can be read");
    promise(*again == *parsed, "what was written is read as it was");
}

}  // namespace mailstate
