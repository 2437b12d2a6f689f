// SPDX-License-Identifier: MIT
#include "mailstate/ledger.hpp"

namespace mailstate {

std::string_view name_of(Phase phase)
{
    switch (phase) {
        case Phase::publishing:
            return "publishing";
        case Phase::published:
            return "published";
        case Phase::linked:
            return "linked";
        case Phase::adopted:
            return "adopted";
        case Phase::rolled_back:
            return "rolled-back";
    }
    return "unknown";
}

}  // namespace mailstate
