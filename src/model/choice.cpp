// SPDX-License-Identifier: MIT
#include "model/choice.hpp"

#include <utility>

namespace mailstate {

Choice choose(Decision decision, std::string reason)
{
    Choice choice;
    choice.decision = decision;
    choice.reason = std::move(reason);
    return choice;
}

Choice choose_and_own(Decision decision, std::string reason)
{
    Choice choice = choose(decision, std::move(reason));
    choice.ownership = true;
    return choice;
}

Choice leave_alone(Finding why)
{
    return refuse({}, std::move(why));
}

Choice refuse(Choice choice, Finding why)
{
    choice.decision = Decision::leave_alone;
    choice.ownership = false;
    choice.reason = why.message;
    choice.code = why.code;
    choice.findings.push_back(std::move(why));
    return choice;
}

}  // namespace mailstate
