// SPDX-License-Identifier: MIT
// What the verbs over displaced content share.
#pragma once

#include <optional>

#include "engine/workspace.hpp"
#include "mailstate/engine/displaced.hpp"

namespace mailstate {

// The item and its manifest. That goes first: without its content it would let the like of it go that was never kept.
// Out of displaced in one step each, so that half a tree is never taken for what was set aside.
Result<> remove_displaced(const World& world, Writer& writer, const Workspace& workspace, const std::string& id,
                          const Proof& proof);

// <volume>/.mailstate/displaced, opened; null where there is none.
Result<DirectoryRef> find_displaced(const World& world);

// Names in staging of what a prune or restore had there when it was cut off. To be removed under the lock.
Result<std::vector<std::string>> displaced_leftovers(const World& world);

// By its id. Nothing where there is none, with a finding.
std::optional<DisplacedItem> item_named(const std::vector<DisplacedItem>& items, const std::string& id,
                                        std::vector<Finding>& findings);

// The run ends before it began: an error finding says why.
void block(Report& report, Finding why);

}  // namespace mailstate
