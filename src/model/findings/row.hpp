// SPDX-License-Identifier: MIT
// One row of the finding table: all that is known of a code besides the subject and the message of one case.
#pragma once

#include <string_view>

#include "mailstate/model/finding.hpp"

namespace mailstate {

struct FindingRow {
    std::string_view code;     // stable, with a dot: "volume.not-mounted"
    Severity severity;         // unless the case is known to be more or less serious
    std::string_view meaning;  // what the finding states
    std::string_view cause;    // the usual cause; empty: the meaning says it
    std::string_view hint;     // what to do; each {} is replaced by the data of the case. Empty: nothing has to be done
    std::string_view seen_as;  // messages that people see elsewhere, in logs: separated by " | "
    std::string_view reference = {};  // manual page, document or thread
};

}  // namespace mailstate
