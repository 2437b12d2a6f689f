// SPDX-License-Identifier: MIT
// An entry for a test's layout and survey: /var/lib/NAME and lib-NAME, enabled.
#pragma once

#include <string>

#include "mailstate/model/layout.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

inline void add_entry(Layout& layout, Survey& survey, const std::string& name, Kind kind)
{
    Entry entry;
    entry.name = name;
    entry.origin = "/var/lib/" + name;
    entry.destination = "lib-" + name;
    entry.kind = kind;
    layout.entries.push_back(entry);
    survey.gates[name].open = true;
    survey.entries[name] = {};
}

}  // namespace mailstate
