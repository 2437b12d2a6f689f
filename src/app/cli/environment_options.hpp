// SPDX-License-Identifier: MIT
// Options from the environment: MAILSTATE_<NAME>, and docker-mailserver's LOG_LEVEL.
#pragma once

#include "app/cli/parsed.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

// Only options of the command are read: MAILSTATE_DRY_RUN says nothing to verify. A bad value is the problem of
// `parsed`; a MAILSTATE_ variable that looks like a slip of the pen, or a LOG_LEVEL of another program's, is a notice.
void read_environment(const Variables& environment, Parsed& parsed);

// The variables of this process.
Variables process_environment();

}  // namespace mailstate
