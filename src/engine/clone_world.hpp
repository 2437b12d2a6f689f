// SPDX-License-Identifier: MIT
// The clone that a rehearsal works on: what apply reads and changes, as a root of its own.
#pragma once

#include "engine/copy_tree.hpp"
#include "engine/sample.hpp"
#include "mailstate/model/survey.hpp"

namespace mailstate {

struct CloneSite {
    const World& world;  // the real one; only read
    Writer& writer;
    const Survey& survey;  // of it
    DirectoryRef root;     // of the clone. Opened as a user where owners cannot be kept: then all is that user's
    DirectoryRef outside;  // for other names of files that have some outside of their entry
    Attributes scratch;    // what all of it is in
};

// Numbers of users and groups as they are in the clone: all of them `owner`'s where owners cannot be kept.
Identities identities_of_clone(const Identities& real, const std::optional<Owner>& owner);

// passwd and group, main.cf, the seal, the binaries of the layout; of the volume the ledger and the manifests of what
// was set aside. What was not cloned, and why: sentences.
Result<std::vector<std::string>> clone_records(const CloneSite& site);

struct ClonedEntry {
    Load origin, destination;     // that was cloned
    std::uint64_t immutable = 0;  // names that root could not remove: a clone has no such mark
    bool holds_scratch = false;   // the scratch was met in the entry itself, and passed over
};

// Origin and destination, with what an earlier run left beside the origin. EBUSY where something writes there, EACCES
// where this process may not read it; what was cloned stays, and is in nobody's way.
Result<ClonedEntry> clone_entry(const CloneSite& site, const Entry& entry, const Sample& sample);

}  // namespace mailstate
