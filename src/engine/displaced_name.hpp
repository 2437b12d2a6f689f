// SPDX-License-Identifier: MIT
// The names in displaced, and the manifests beside what they name.
#pragma once

#include <string>
#include <string_view>

#include "mailstate/fs/reader.hpp"
#include "mailstate/model/manifest.hpp"

namespace mailstate {

// "20261121T020635Z-redis.0123456789abcdef", and nothing else: what an id on the command line must look like before it
// is looked up. The digits after the entry are the run's; of a second
// name of one run in one second a number is before them. Older versions had the number alone, or nothing.
bool is_displaced_name(std::string_view name);
std::string created_of_displaced(const std::string& id);  // "2026-11-21T02:06:35Z"
std::string entry_in_displaced(const std::string& id);    // "redis"

// A name that nothing in displaced has, of a time, an entry and the digits of a run: two runs never choose the same,
// on whatever machines they are and whether or not a lock keeps them apart.
Result<std::string> free_displaced_name(const Reader& reader, const DirectoryRef& displaced, const std::string& entry,
                                        const std::string& run);

std::string manifest_of(const std::string& id);     // the name of its manifest
std::string id_of_manifest(std::string_view name);  // the reverse; empty where it is no manifest's name
Result<Manifest> read_manifest(const Reader& reader, const DirectoryRef& displaced, const std::string& id);
// The entry by the manifest, and by the name where that cannot be read.
std::string entry_of_displaced(const Reader& reader, const DirectoryRef& displaced, const std::string& id);

}  // namespace mailstate
