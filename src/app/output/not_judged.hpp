// SPDX-License-Identifier: MIT
// What a JSON answer of check says that it could not judge, for the forms that pipelines read.
#pragma once

#include <string>
#include <vector>

#include "app/output/json.hpp"

namespace mailstate {

struct NotJudged {
    std::string system;              // "docker-mailserver"; empty: of the file, not of a system in it
    std::string why;                 // "the state directory was not seen (run check in the container)"
    std::vector<std::string> rules;  // empty: what it is about is in `why`
};

// Rules that have a finding, such as a note that begins with "unknown", are left out: it says the same.
std::vector<NotJudged> what_was_not_judged(const Json& answer);

std::string text_of(const NotJudged& not_judged);  // "docker-mailserver: WHY: dms.free-space, dms.orphan"

}  // namespace mailstate
