// SPDX-License-Identifier: MIT
// Displacing: what an origin has and its destination lacks, or has with other content, is copied to
// <volume>/.mailstate/displaced/<utc>-<entry>.<run>/ before the origin is replaced by a link.
#pragma once

#include "engine/judge.hpp"
#include "engine/workspace.hpp"
#include "mailstate/model/plan.hpp"

namespace mailstate {

struct Displaced {
    AsideTotals totals;  // no names: a whole destination
    std::string name;    // in displaced; empty where nothing had to be set aside
};

// Everything that the judge wants set aside, staged, synced and published with its manifest. Adds the tree to
// set_aside, which is the judge's own, so that afterwards the judge finds it there and lets the origin's go. Walks with
// all threads; memory does not grow with the tree.
Result<Displaced> displace_tree(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const DirectoryRef& from, const DirectoryRef& kept, const Judge& judge,
                                SetAside& set_aside);
Result<Displaced> displace_file(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const Place& from, const Name& kept, const Judge& judge, SetAside& set_aside);

// A destination that already exists of an origin, as a whole: one rename.
Result<std::string> displace_whole(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                   const Name& item);

}  // namespace mailstate
