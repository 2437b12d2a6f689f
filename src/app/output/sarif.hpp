// SPDX-License-Identifier: MIT
#pragma once

#include "app/output/json.hpp"

namespace mailstate {

// A log of SARIF 2.1.0 (OASIS) with the findings of a JSON answer.
Json sarif_log(const Json& answer);

}  // namespace mailstate
