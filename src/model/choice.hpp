// SPDX-License-Identifier: MIT
// What a part of the decision table chooses for an entry.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "mailstate/model/decision.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

struct Choice {
    Decision decision = Decision::leave_alone;
    bool ownership = false;          // owners and modes are looked at
    std::string reason;              // of leave_alone: the finding's message
    std::optional<Finding> finding;  // of leave_alone always
};

inline Choice leave_alone(Finding finding)
{
    std::string reason = finding.message;
    return {Decision::leave_alone, false, std::move(reason), std::move(finding)};
}

}  // namespace mailstate
