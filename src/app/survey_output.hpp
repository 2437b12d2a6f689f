// SPDX-License-Identifier: MIT
// What probe prints.
#pragma once

#include <string>

#include "app/json.hpp"
#include "app/terminal.hpp"
#include "mailstate/layout.hpp"
#include "mailstate/survey.hpp"

namespace mailstate {

std::string survey_text(const Survey& survey, const Layout& layout, Paint paint);

// {"process":…, "volume":…, "ledger":…, "entries":[…], "findings":[…]} behind what every answer begins with.
Json survey_json(const Survey& survey, const Layout& layout);

}  // namespace mailstate
