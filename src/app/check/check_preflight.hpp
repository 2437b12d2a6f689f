// SPDX-License-Identifier: MIT
// The rule book's part of check: which systems, their evidence, their findings, and what --sender and --recipient
// explain.
#pragma once

#include <optional>
#include <vector>

#include "app/answers/judgement.hpp"
#include "app/commands/session.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

struct Inspected {  // one system
    Evidence evidence;
    RuleVerdict verdict;
};

struct Inspection {
    std::vector<Inspected> systems;
    std::vector<std::string> not_judged;  // what beside the rules, and why
    std::vector<std::string> files;       // of the project, as they are named to people
    std::vector<Problem> problems;        // of the inspection itself: what was not seen
    std::optional<Error> usage;           // a version that is none
};

// The system itself is looked at, be it below --root; else files that the operator named.
bool is_live(const Options& options);

// --system, else what the named files are of, else the layout's. Error: a file that was named cannot be read. The
// survey is that of a live system, or null.
Result<Inspection> inspect(const Session& session, const Survey* survey);

std::vector<Finding> findings_of(const Inspection& inspection);  // each once, those of the systems first
DetailsOfFindings details_of(const Inspection& inspection);

// The closing lines, and the same for JSON: host, what was judged, and what was not.
void explain_inspection(const Inspection& inspection, Explained& explained);
bool judged_all(const Inspection& inspection);

void explain_sender(const Evidence& evidence, const std::string& sender, Explained& explained);
void explain_recipient(const Evidence& evidence, const std::string& recipient, Explained& explained);
void explain_all_senders(const Evidence& evidence, Explained& explained);  // the table, where the versions differ

}  // namespace mailstate
