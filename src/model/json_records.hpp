// SPDX-License-Identifier: MIT
// JSON of what ledgers and plans share: users and groups, and findings.
#pragma once

#include "mailstate/model/finding.hpp"
#include "mailstate/posix/identity.hpp"
#include "model/json_nouns.hpp"

namespace mailstate {

Result<> read(const JsonNode& node, Identities& ids);  // {"users": {"redis": 101}, "groups": {}}
Result<> read(const JsonNode& node, Finding& finding);

OrderedJson to_json(const Identities& ids);
OrderedJson to_json(const Finding& finding);

}  // namespace mailstate
