// SPDX-License-Identifier: MIT
#pragma once

#include "app/commands/session.hpp"

namespace mailstate {

// What apply or rollback did, as text or JSON, its exit code, and the files that --metrics and --report ask for.
Answer rendered(const Session& session, Report report);

}  // namespace mailstate
