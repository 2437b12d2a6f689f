// SPDX-License-Identifier: MIT
// The rows of the decision table for an origin that is a mount point, or has mounts inside.
#pragma once

#include "mailstate/model/plan.hpp"
#include "model/choice.hpp"

namespace mailstate {

// Decides for leave_alone, adopt or refresh.
// record: of the entry in the ledger; null where there is none.
Choice decide_mounted(const PlanOptions& options, const Entry& entry, const EntrySurvey& seen,
                      const LedgerEntry* record, const std::string& destination);

// The origin is a link to another place, such as systemd's /var/lib/private, where the service's data is.
Finding link_elsewhere(const Entry& entry, const EntrySurvey& seen, const std::string& origin);

// Of an origin that holds the volume, or is inside it.
Finding nesting_refused(const Entry& entry, const EntrySurvey& seen, const std::string& destination);

}  // namespace mailstate
