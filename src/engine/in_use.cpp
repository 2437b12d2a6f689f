// SPDX-License-Identifier: MIT
#include "engine/in_use.hpp"

#include "mailstate/process.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

std::string users_of(const Path& outer_path)
{
    constexpr int most_named = 5;
    std::string text;
    int last = 0, named = 0;
    for (const OpenFile& open : open_below(outer_path.string(), Mapped::yes)) {
        if (open.pid == last) continue;
        last = open.pid;
        if (++named > most_named) return text + " and others";
        text += (text.empty() ? "" : ", ") + printable(open.command) + " (process " + std::to_string(open.pid) + ")";
    }
    return text;
}

}  // namespace mailstate
