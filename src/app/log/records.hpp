// SPDX-License-Identifier: MIT
// Results as records, one JSON object a line, for --log-format json: findings with their code, subject, hint and data,
// entries where they are wanted, and the summary last.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/options.hpp"
#include "app/output/json.hpp"

namespace mailstate {

std::string finding_record(const Json& finding);  // of findings_json()

// Of what --output json would print.
std::string records_of(const Json& answer, std::string_view summary, const Options& options);

// Each line of a text is the message of a record.
std::string records_of_lines(std::string_view text);

}  // namespace mailstate
