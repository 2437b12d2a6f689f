// SPDX-License-Identifier: MIT
// The answer of the verbs that judge: verify and check.
#pragma once

#include <string_view>
#include <vector>

#include "app/commands/session.hpp"
#include "app/output/json.hpp"
#include "mailstate/model/finding.hpp"
#include "preflight/finding_details.hpp"

namespace mailstate {

struct Explained {                  // what a command says beside its findings
    Json members = Json::object();  // of the JSON answer
    std::string text;               // comes after the findings
    bool never_blocks = false;      // exit with 0 unless --strict
    DetailsOfFindings details;      // of findings, for the JSON answer
};

void add_details(const DetailsOfFindings& details, const std::vector<Finding>& findings, Json& list);

// `all_well`: the text if there are neither errors nor warnings.
Answer judgement(const Session& session, std::vector<Finding> findings, std::string_view all_well,
                 const Explained& explained = {});

}  // namespace mailstate
