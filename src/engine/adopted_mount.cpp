// SPDX-License-Identifier: MIT
#include "engine/adopted_mount.hpp"

#include "engine/copy_fingerprint.hpp"
#include "engine/entry_places.hpp"
#include "engine/measure.hpp"
#include "model/adoption.hpp"

namespace mailstate {

Result<std::string> identity_of_mounts(const Reader& reader, const Name& origin, const EntrySurvey& seen)
{
    std::string identity;
    const bool is_directory = TRY(reader.attributes(origin)).kind == Kind::directory;
    // Where only something below it is mounted, the origin itself is of the container, which is another one next time.
    const bool itself = is_directory && seen.origin == OriginState::mount_point;
    if (itself) {
        const DirectoryRef root = TRY(reader.open_directory(origin, Cross::yes));
        identity = mount_identity(TRY(reader.filesystem(root)), TRY(reader.attributes(root)));
    }
    for (std::size_t i = itself ? 1 : 0; i < seen.mounts.size(); ++i) {
        if (!identity.empty()) identity += ", ";
        identity += seen.mounts[i].mount_point + ": " + mount_identity(seen.mounts[i]);
    }
    return identity;
}

Result<std::string> fingerprint_of_copy(const World& world, const Entry& entry, const LedgerEntry& record)
{
    const Name spot = TRY(find_destination(world, entry));
    if (record.adoption) return copy_fingerprint(world, spot);
    if (entry.kind != Kind::directory) return measure_file(TRY(world.reader.attributes(spot))).fingerprint;
    const DirectoryRef copy = TRY(world.reader.open_directory(spot, Cross::no));
    return TRY(measure_tree(world, copy)).fingerprint;
}

}  // namespace mailstate
