// SPDX-License-Identifier: MIT
// check --list: the rule book itself. Nothing of the system is looked at.
#pragma once

#include "app/commands/commands.hpp"

namespace mailstate {

Answer list_rules(const Call& call);

}  // namespace mailstate
