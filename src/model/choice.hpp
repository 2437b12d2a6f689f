// SPDX-License-Identifier: MIT
// What the decision table chooses for an entry, and what it reports of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/base/amount.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/model/ability.hpp"
#include "mailstate/model/decision.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

struct Choice {  // its members mean what those of PlanEntry do
    Decision decision = Decision::leave_alone;
    std::string reason;  // of leave_alone: the message of the finding that `code` names
    std::string code;
    std::vector<Finding> findings;  // in the order of the report
    bool ownership = false;
    Amount amount;
    bool exchange = false;
    std::optional<Owner> as_user;
    std::optional<Ability> lacking;
    bool put_back = false, clear_leftover = false, remove_nested_link = false;
};

Choice choose(Decision decision, std::string reason);          // owners and modes stay as they are
Choice choose_and_own(Decision decision, std::string reason);  // owners and modes are set

// The finding is the reason.
Choice leave_alone(Finding why);
// What was chosen cannot be done. The choice keeps its earlier findings.
Choice refuse(Choice choice, Finding why);

}  // namespace mailstate
