// SPDX-License-Identifier: MIT
#include "engine/clocks.hpp"

#include "engine/entry_places.hpp"

namespace mailstate {

Result<std::map<std::string, Timestamp>> clocks(const World& world, Writer& writer, const Workspace& workspace)
{
    std::map<std::string, Timestamp> clocks;
    clocks[""] = TRY(writer.clock(workspace.staging()));
    const Attributes volume = TRY(world.reader.attributes(workspace.volume()));
    for (const Entry& entry : world.layout.entries) {
        if (entry.kind != Kind::directory) continue;
        const Result<Name> spot = find_destination(world, entry);
        if (!spot) continue;
        const Result<DirectoryRef> root = world.reader.open_directory(*spot, Cross::yes);
        if (!root || TRY(world.reader.attributes(*root)).mount_id == volume.mount_id) continue;
        // A mount of its own. One that cannot be written has nothing to translate either.
        const Result<Timestamp> clock = writer.clock(*root);
        if (clock) clocks[entry.name] = *clock;
    }
    return clocks;
}

Timestamp begun_of(const Translation& translation, const std::string& entry)
{
    const auto found = translation.begun.find(entry);
    if (found != translation.begun.end()) return found->second;
    const auto volume = translation.begun.find("");
    return volume == translation.begun.end() ? Timestamp{} : volume->second;
}

}  // namespace mailstate
