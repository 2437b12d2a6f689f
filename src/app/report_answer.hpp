// SPDX-License-Identifier: MIT
#pragma once

#include "app/session.hpp"

namespace mailstate {

// What apply or rollback did, as text or JSON, and its exit code.
Answer rendered(const Session& session, const Report& report);

}  // namespace mailstate
