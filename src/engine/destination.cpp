// SPDX-License-Identifier: MIT
#include "engine/destination.hpp"

#include "engine/stage.hpp"

namespace mailstate {

Result<Spot> find_destination(const World& world, const Entry& entry)
{
    const SplitPath path = split_path(entry.destination);
    const DirectoryRef volume = TRY(world.reader.open(world.layout.state_dir));
    return Spot{TRY(open_below(world.reader, volume, path.parent)), path.name};
}

Result<DirectoryRef> open_destination(const Reader& reader, const Spot& spot, Cross cross,
                                      const std::optional<Owner>& as_user)
{
    if (as_user) return reader.open_directory_as(spot.at, spot.name, cross, *as_user);
    return reader.open_directory(spot.at, spot.name, cross);
}

bool may_be_in_vacant(const std::string& name, bool is_mount)
{
    const bool of_filesystem = is_mount && name == "lost+found";  // of a fresh ext4
    return of_filesystem || name.starts_with(mount_staging_prefix) || name == workspace_name;
}

bool is_filled_in_place(const Run& run, const Entry& entry)
{
    return run.survey.entries.at(entry.name).destination_mount || run.as_user;
}

Result<DirectoryRef> opened_destination(const Run& run, const Entry& entry, const Spot& spot)
{
    const Cross cross = run.survey.entries.at(entry.name).destination_mount ? Cross::yes : Cross::no;
    return open_destination(run.world.reader, spot, cross, run.as_user);
}

Result<std::map<std::string, Timestamp>> clocks(const World& world, Writer& writer, const Workspace& workspace)
{
    std::map<std::string, Timestamp> clocks;
    clocks[""] = TRY(writer.clock(workspace.staging()));
    const Attributes volume = TRY(world.reader.attributes(workspace.volume()));
    for (const Entry& entry : world.layout.entries) {
        if (entry.kind != Kind::directory) continue;
        const Result<Spot> spot = find_destination(world, entry);
        if (!spot) continue;
        const Result<DirectoryRef> root = world.reader.open_directory(spot->at, spot->name, Cross::yes);
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
