// SPDX-License-Identifier: MIT
// Finding: one stated fact about the world, for a person and for a machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailstate {

enum class Severity { note, warning, error };
std::string_view name_of(Severity severity);  // "note", "warning", "error"

struct Finding {
    Severity severity = Severity::note;
    std::string code;     // stable, "volume.not-mounted"
    std::string subject;  // entry name, path or variable; any bytes
    std::string message;  // lower case, no full stop, names and numbers
    std::string hint;     // a sentence: what to do. May be empty
    bool operator==(const Finding&) const = default;
};

Severity worst(const std::vector<Finding>& findings);  // note where there are none

}  // namespace mailstate
