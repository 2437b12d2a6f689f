// SPDX-License-Identifier: MIT
#include "engine/in_use.hpp"

#include "mailstate/base/text.hpp"

namespace mailstate {

Result<std::string> users_of(const Reader& reader, const Name& item)
{
    constexpr int most_named = 5;
    std::string text;
    int last = 0, named = 0;
    for (const OpenFile& open : TRY(reader.held_open(item))) {
        if (open.pid == last) continue;
        last = open.pid;
        if (++named > most_named) return text + " and others";
        text += (text.empty() ? "" : ", ") + printable(open.command) + " (process " + std::to_string(open.pid) + ")";
    }
    return text;
}

}  // namespace mailstate
