// SPDX-License-Identifier: MIT
// Layout texts for tests.
#pragma once

#include <stdexcept>
#include <string>

#include "model/text_position.hpp"

namespace mailstate {

// A layout around these entries; line 2 holds them.
inline std::string layout_around(const std::string& entries, const std::string& more = {})
{
    return R"({ "name": "test", "version": 1, "state_dir": "/var/mail-state", "entries": [)"
           "\n" +
           entries + "\n]" + more + "}";
}

inline std::string entry_text(const std::string& name, const std::string& origin, const std::string& destination,
                              const std::string& more = {})
{
    return R"({"name": ")" + name + R"(", "origin": ")" + origin + R"(", "destination": ")" + destination + '"' + more +
           "}";
}

inline std::string redis_with(const std::string& more)
{
    return layout_around(entry_text("redis", "/var/lib/redis", "lib-redis", ", " + more));
}

// A text in which "@@" marks the place that an error is to name.
struct MarkedText {
    explicit MarkedText(const std::string& marked) : text(marked)
    {
        const auto at = marked.find("@@");
        if (at == std::string::npos) throw std::invalid_argument("no mark in " + marked);
        text.erase(at, 2);
        place = place_in("l.json", text, at);
    }
    std::string text, place;
};

}  // namespace mailstate
