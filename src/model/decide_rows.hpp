// SPDX-License-Identifier: MIT
// What the rows of the decision table choose, and the rules that hold for every row. decide.cpp has the table.
#pragma once

#include <optional>

#include "model/choice.hpp"
#include "model/entry_facts.hpp"

namespace mailstate {

// decide_destination.cpp: the destination cannot be used, whatever is at the origin. Nothing: it can.
std::optional<Choice> refuse_destination(const EntryFacts& facts);

// decide_origin.cpp: the origin cannot be moved, whatever is at the destination.
Choice leave_link_elsewhere(const EntryFacts& facts);
Choice leave_other_kind(const EntryFacts& facts);
Choice leave_nested(const EntryFacts& facts);
Choice leave_without_parent(const EntryFacts& facts);
Choice leave_unreadable(const EntryFacts& facts);
Choice leave_in_use(const EntryFacts& facts);
Finding origin_read_only(const EntryFacts& facts);

// decide_linked.cpp: the origin leads to the destination.
Choice choose_in_place(const EntryFacts& facts);
Choice choose_restore(const EntryFacts& facts);

// decide_absent.cpp: the origin is absent.
Choice choose_link(const EntryFacts& facts);
Choice choose_create(const EntryFacts& facts);

// decide_present.cpp: the origin is a directory or a file.
Choice choose_move(const EntryFacts& facts);
Choice choose_keep(const EntryFacts& facts);
// The choice, and a finding where the destination has only a part of what the origin has.
Choice with_partial_copy(const EntryFacts& facts, Choice choice);

// decide_rolled_back.cpp: it was rolled back, and the destination is populated.
Choice choose_rolled_back(const EntryFacts& facts);

// decide_unlinked.cpp: no link is to be created.
Choice choose_absent_unlinked(const EntryFacts& facts);
Choice choose_present_unlinked(const EntryFacts& facts);

// decide_mounted.cpp: the origin is a mount point, or has mounts inside. Chooses leave_alone, adopt or refresh.
Choice choose_mounted(const EntryFacts& facts);

// decide_leftovers.cpp: what an earlier run, or upstream's script, has left goes as well.
Choice with_leftovers(const EntryFacts& facts, Choice choice);

// decide_storage.cpp: what the filesystem of the destination allows. Each takes what was chosen so far.
Choice refuse_memory(const EntryFacts& facts, Choice choice);
Choice access_as_user(const EntryFacts& facts, Choice choice);
Choice refuse_not_kept(const EntryFacts& facts, Choice choice);
Choice refuse_lacking(const EntryFacts& facts, Choice choice);
Choice spare_owners(const EntryFacts& facts, Choice choice);

}  // namespace mailstate
