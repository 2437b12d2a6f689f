// SPDX-License-Identifier: MIT
// The findings of an answer in the forms that pipelines read: JUnit's XML, SARIF 2.1.0, and GitHub's workflow commands.
#pragma once

#include <string>

#include "app/cli/options.hpp"
#include "app/output/json.hpp"

namespace mailstate {

// Made of the JSON answer alone: its findings, what was judged, and the exit code.
std::string pipeline_text(Output output, const Json& answer);

bool is_for_pipelines(Output output);

}  // namespace mailstate
