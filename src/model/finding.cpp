// SPDX-License-Identifier: MIT
#include "mailstate/model/finding.hpp"

#include <algorithm>

namespace mailstate {

std::string_view name_of(Severity severity)
{
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "unknown";
}

Severity worst(const std::vector<Finding>& findings)
{
    auto worst = Severity::note;
    for (const auto& finding : findings) worst = std::max(worst, finding.severity);
    return worst;
}

}  // namespace mailstate
