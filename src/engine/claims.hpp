// SPDX-License-Identifier: MIT
// Staging that another run has left, or is still at work in: where locks reach no other machine nobody can tell. It is
// claimed by a rename to a name of this run; whoever copies into it cannot publish it any more, and so keeps its origin
// whole. Then it goes, but for what is unique in it: of a copy of another origin than the present one, what neither
// origin nor destination has is set aside.
#pragma once

#include <set>

#include "engine/run.hpp"

namespace mailstate {

struct SetAsideCopy {
    std::string entry;
    Displaced displaced;
};

struct Claimed {
    std::vector<std::string> foreign;  // names in staging that are not ours
    std::vector<SetAsideCopy> set_aside;
};

// All of the workspace's staging. A rehearsal that runs is skipped. resumable: entries that this run is about to copy:
// a copy of the very origin that is there today is kept for that, in the workspace's kept_copies.
Result<Claimed> claim_staging(const World& world, Writer& writer, Workspace& workspace, const std::optional<Seal>& seal,
                              const std::set<std::string>& resumable);
// Of these, what no entry has taken up.
Result<Claimed> clear_kept_copies(const World& world, Writer& writer, Workspace& workspace,
                                  const std::optional<Seal>& seal);

// Only clones of rehearsals that have ended, and other scratch.
Result<> remove_scratch_staging(const World& world, Writer& writer, const Workspace& workspace);

// The same of a destination that is filled in place, and has its own staging: name by name, since whoever fills it has
// the directory open.
Result<std::vector<SetAsideCopy>> claim_staging_in(const Run& run, const Entry& entry, const DirectoryRef& destination);

// Finishes what a run that ended too early began in a destination that is filled in place; with its staging gone and
// the destination empty, forgets it. Where another run has put something else there meanwhile, the staging is claimed.
Result<std::vector<SetAsideCopy>> finish_publishing_of(const Run& run, const Entry& entry);

}  // namespace mailstate
