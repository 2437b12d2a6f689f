// SPDX-License-Identifier: MIT
// What the plans of apply and rollback are made of.
#pragma once

#include "mailstate/model/plan.hpp"
#include "mailstate/model/renumber.hpp"

namespace mailstate {

PlanEntry describe_entry(const Layout& layout, const Entry& entry);  // its name and places
Plan empty_plan(const Survey& survey, const Layout& layout, const PlanOptions& options);

// Nothing may be done: an error finding, which is the reason of every entry, too.
void block(Plan& plan, Finding why);

// State directory absent, not mounted, read-only; workspace or ledger unusable: blocks the plan or turns decisions into
// leave_alone, with one finding each.
void apply_volume_rules(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan);

// A volume that goes with its container, named: in memory (then nothing is moved to it, unless that is allowed), an
// anonymous volume, an emptyDir.
void apply_lasting_rules(const Survey& survey, const PlanOptions& options, Plan& plan);
// The same of a destination that is a mount of its own.
bool is_in_memory(const EntrySurvey& seen, const PlanOptions& options);
Finding destination_in_memory(const EntrySurvey& seen, const std::string& entry, const std::string& destination);

// A script of the image that moves state itself is named; where it would empty a mount after us, nothing is started.
void apply_start_script_rule(const Survey& survey, const Layout& layout, const PlanOptions& options, Plan& plan);

// Is the origin the one that a roll back made? The ledger and the record beside the origin say the same.
bool was_rolled_back_here(const Survey& survey, const Entry& entry, const EntrySurvey& seen);

// What the process itself lacks: an owner that its user namespace cannot express, the right to empty an origin, SGID
// bits that no_new_privs makes void. Entries that need such an owner or right are left alone.
void apply_process_rules(const Survey& survey, const Layout& layout, Plan& plan);

// One finding for each cause for which entries are left alone, with the entries it concerns and the remedy.
void apply_causes(const Survey& survey, const Layout& layout, Plan& plan);

// Bytes and inodes of all moves against what is free, by the entries' weight, the smallest first among equals. What
// does not fit is left alone, with numbers.
void reserve_space(const Layout& layout, const Survey& survey, Plan& plan);

struct Room {
    std::uint64_t bytes = 0, inodes = 0;
};
Room room_of(const FilesystemFacts& filesystem, std::uint64_t headroom);
// Takes what is needed, or says with numbers why it does not fit. where: "the volume".
std::optional<std::string> reserve(Room& left, const Room& needed, std::uint64_t headroom, const std::string& where);

}  // namespace mailstate
