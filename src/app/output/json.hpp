// SPDX-License-Identifier: MIT
// The JSON of this program's output: members keep the order in which they are written here.
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "mailstate/model/finding.hpp"

namespace mailstate {

using Json = nlohmann::ordered_json;

// {"schema":1,"command":…,"version":…}: what every answer begins with.
Json json_answer(std::string_view command);

Json finding_json(const Finding& finding);
Json findings_json(const std::vector<Finding>& findings);
Json printable_list(const std::vector<std::string>& texts);  // each printable()

std::string one_line(const Json& json);  // with a newline; valid whatever bytes slipped in
std::string pretty(const Json& json);    // the same over many lines

}  // namespace mailstate
