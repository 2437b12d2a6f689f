// SPDX-License-Identifier: MIT
// Plan: what apply would do, entry by entry, and why. Plain data, made by a pure function, saved and read as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailstate/model/decision.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

// A path that was set aside more often than this is a finding of its own, displaced.repeats.
inline constexpr std::size_t times_without_a_word = 5;

struct AsideTotals {                    // what is set aside of an entry
    std::uint64_t names = 0;            // files and whatever else; directories that the destination lacks, too
    std::uint64_t bytes = 0;            // of files
    std::vector<std::string> examples;  // the first few paths, relative to the entry; "" is a file's entry itself
    std::uint64_t repeated = 0;         // names that were set aside more than times_without_a_word times, this time
    std::vector<std::string> repeats;   // included; the first few
    bool whole = false;                 // the whole destination, which makes room
    bool operator==(const AsideTotals&) const = default;
};

struct PlanEntry {
    std::string name, origin, destination;  // destination: absolute, as seen from inside
    Decision decision = Decision::leave_alone;
    std::string reason;       // "the origin is a directory and the destination is absent"
    std::string code;         // of leave_alone: "origin.mounted"; the finding has the same
    Amount amount;            // to be copied; bytes of content
    std::string fingerprint;  // of what was seen; apply --plan compares it
    bool remove_nested_link = false;
    bool clear_leftover = false;
    bool ownership = false;                      // owners and modes are checked and set
    std::uint64_t owners_differ = 0, stale = 0;  // what that would change, where probe looked for it
    AsideTotals set_aside;                       // what would be, where a plan looked for it
    std::optional<Owner> as_user;                // accessed as this user; not saved, apply plans again
    std::optional<Ability> lacking;  // the missing ability, for which it or its owners are left alone; not saved
    bool put_back = false;           // the content from before an interrupted run goes back to the origin; not saved
    bool exchange = false;           // of move: the origin itself becomes the destination, nothing is copied; not saved
    bool operator==(const PlanEntry&) const = default;
};

struct PlanOptions {
    std::vector<std::string> only;  // names of entries; empty: all
    bool adopt_mounts = false;
    bool allow_unmounted = false;
    bool allow_memory = false;  // a state directory in memory, which does not last
    bool in_place = false;
    bool no_link = false;   // another root filesystem has the links, or will
    std::string from_root;  // with no_link: the origins are those below it, and stay as they are; empty: of this root
    // Of apply alone, and not saved: a command is started afterwards (`-- CMD`), and whether it is in any case.
    bool command_follows = false;
    bool keep_going = false;
    bool operator==(const PlanOptions&) const = default;
};
bool is_selected(const PlanOptions& options, const std::string& name);  // by `only`

struct Plan {
    std::string tool_version, layout_name;
    int layout_version = 0;
    std::string state_dir;
    PlanOptions options;  // that it was made with; apply --plan uses them again
    std::vector<PlanEntry> entries;
    std::vector<Finding> findings;
    bool renumber = false;       // owners are to be translated
    bool record = false;         // the ledger has to be written: there is none, or names, numbers or layout are new
    bool sweep = false;          // staging of an earlier, interrupted run has to be removed
    bool blocked = false;        // nothing may be done; an error finding says why
    bool nothing_to_do = false;  // there is no state directory
    bool operator==(const Plan&) const = default;
};

bool is_copied(const PlanEntry& entry);          // and not renamed
bool changes_something(const PlanEntry& entry);  // its own decision, or what an earlier run has left there

Plan make_plan(const Survey& survey, const Layout& layout, const PlanOptions& options);
bool has_changes(const Plan& plan);

Result<Plan> parse_plan(std::string_view file_name, std::string_view text);
std::string to_json_text(const Plan& plan);

}  // namespace mailstate
