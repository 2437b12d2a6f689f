// SPDX-License-Identifier: MIT
// What is known of each code: of the finding table and of check's rules alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/output/json.hpp"
#include "mailstate/model/finding.hpp"

namespace mailstate {

struct CodeFacts {
    std::string code;
    Severity severity = Severity::note;           // the usual one
    std::string meaning, cause, hint, reference;  // hint: "…" stands for the data of a case
    std::vector<std::string> seen_as = {};        // messages that people see elsewhere, such as in logs
    std::string system = {}, versions = {};       // of a rule; else empty
};

std::vector<CodeFacts> every_fact();    // by code
std::vector<std::string> every_code();  // sorted

// Those that go with a line of a log, or with a part of it, in any case of letters.
std::vector<CodeFacts> facts_for(std::string_view symptom);

Json json_of(const CodeFacts& facts);

}  // namespace mailstate
