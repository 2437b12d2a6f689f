// SPDX-License-Identifier: MIT
// What probe prints.
#pragma once

#include <string>

#include "app/log/terminal.hpp"
#include "app/output/json.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

std::string survey_text(const Survey& survey, const Layout& layout, Paint paint);

// {"process":…, "volume":…, "ledger":…, "entries":[…], "findings":[…]} after the members that every answer begins with.
Json survey_json(const Survey& survey, const Layout& layout);

}  // namespace mailstate
