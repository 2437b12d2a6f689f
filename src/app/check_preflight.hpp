// SPDX-License-Identifier: MIT
// The rule book's part of check: which system, its evidence, its findings, and what --sender and --recipient explain.
#pragma once

#include <optional>
#include <vector>

#include "app/judgement.hpp"
#include "app/session.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

// The system itself is looked at, be it below --root; else files that the operator named.
bool is_live(const Options& options);

// --system, else the layout's; nothing where the layout is no system's.
std::optional<System> system_of(const Session& session);

// Error: a file that was named cannot be read. The survey is that of a live system, or null.
Result<Evidence> gather_evidence(const Session& session, System system, const Reader& host, const Survey* survey);

std::vector<Finding> missing_evidence(const Session& session, const Evidence& evidence);

// All of it for a layout that is a system's: evidence, judged, and what is missing. Nothing for another.
Result<std::vector<Finding>> preflight_findings(const Session& session, const Survey* survey);

void explain_sender(const Evidence& evidence, const std::string& sender, Explained& explained);
void explain_recipient(const Evidence& evidence, const std::string& recipient, Explained& explained);
void explain_all_senders(const Evidence& evidence, Explained& explained);  // the table, where the versions differ

}  // namespace mailstate
