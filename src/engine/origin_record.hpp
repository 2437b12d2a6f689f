// SPDX-License-Identifier: MIT
// Which origin a copy in staging comes from: the file ".origin.<entry>.<run>" in staging, written before the copying
// begins. A copy of the origin that is there today holds nothing unique; of any other origin (the container was
// recreated, another machine has the volume, too) it may be all that is left.
#pragma once

#include "engine/run.hpp"

namespace mailstate {

inline constexpr const char* origin_record_prefix = ".origin.";
std::string origin_record_name(const std::string& entry, const std::string& run);

// The origin by its filesystem, its inode, and the layer and container that it is in. A recreated container has the
// inodes of its image again, on the same filesystem, but another layer.
Result<std::string> identity_of_origin(const World& world, const Entry& entry, const Name& origin);

Result<> write_origin_record(const Run& run, const EntryPlaces& places);
Result<> remove_origin_record(const Run& run, const Entry& entry);
// The boot of the machine in which that copy was begun; empty where that is not known, or cannot be read.
std::string recorded_boot(const Reader& reader, const DirectoryRef& staging, const std::string& entry,
                          const std::string& run);
// Empty where there is none, or a torn one: then the origin is not known.
Result<std::string> recorded_origin(const Reader& reader, const DirectoryRef& staging, const std::string& entry,
                                    const std::string& run);

}  // namespace mailstate
