// SPDX-License-Identifier: MIT
// The decision table: what becomes of one enabled entry, given a volume that can be written. Pure.
#pragma once

#include "model/choice.hpp"
#include "model/entry_facts.hpp"

namespace mailstate {

Choice decide(const EntryFacts& facts);

}  // namespace mailstate
