// SPDX-License-Identifier: MIT
// Displacing: what an origin has and its destination lacks, or has newer, is copied to
// <volume>/.mailstate/displaced/<utc>-<entry>/ before the origin is replaced by a link.
#pragma once

#include "engine/judge.hpp"
#include "engine/workspace.hpp"

namespace mailstate {

inline constexpr std::size_t manifest_limit = 256U << 20U;  // bytes

struct Displaced {
    std::uint64_t files = 0;
    std::string name;                   // "20261121T020635Z-redis"; empty where nothing had to be set aside
    std::vector<std::string> examples;  // the first few relative paths
};

// A name in displaced that nothing has: "20261121T020635Z-redis", with a number behind it where that is taken.
Result<std::string> free_displaced_name(const World& world, const Workspace& workspace, const std::string& entry);

// What earlier runs set aside of this entry, from the manifests. Broken manifests are passed over: the worst that
// follows is that something is set aside twice.
Result<SetAside> read_set_aside(const World& world, const Workspace& workspace, const std::string& entry);

// Everything that the judge wants set aside, staged, synced and published with its manifest. Adds to set_aside, which
// is the judge's own record, so that afterwards the judge lets it go.
Result<Displaced> displace_tree(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const DirectoryRef& from, const DirectoryRef& kept, const Judge& judge,
                                SetAside& set_aside);
Result<Displaced> displace_file(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                const Place& from, const DirectoryRef& kept_at, const std::string& kept_name,
                                const Judge& judge, SetAside& set_aside);

// A destination that is in the way of an adopted origin, as a whole: one rename.
Result<std::string> displace_whole(const World& world, Writer& writer, Workspace& workspace, const Entry& entry,
                                   const DirectoryRef& at, const std::string& name);

}  // namespace mailstate
