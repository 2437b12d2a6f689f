// SPDX-License-Identifier: MIT
#include "engine/entry_places.hpp"

#include "engine/split_path.hpp"
#include "engine/workspace_names.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

Result<Name> find_origin(const World& world, const Entry& entry)
{
    const SplitPath path = split_path(entry.origin);
    return Name{TRY(world.reader.open(path.parent)), path.name};
}

Result<Name> find_destination(const World& world, const Entry& entry)
{
    const SplitPath path = split_path(entry.destination);
    const DirectoryRef volume = TRY(world.reader.open(world.layout.state_dir));
    return Name{TRY(open_below(world.reader, volume, path.parent)), path.name};
}

Result<Name> find_returning(const World& world, const Entry& entry, const std::string& displaced)
{
    if (displaced.empty()) return find_destination(world, entry);
    const DirectoryRef volume = TRY(world.reader.open(world.layout.state_dir));
    const DirectoryRef at = TRY(open_below(world.reader, volume, std::string(workspace_name) + "/" + displaced_name));
    const std::optional<Attributes> found = TRY(find(world.reader, {at, displaced}));
    const bool whole_file = entry.kind == Kind::regular && found && found->kind == Kind::regular;
    if (entry.kind == Kind::directory || whole_file) return Name{at, displaced};
    return Name{TRY(world.reader.open_directory({at, displaced}, Cross::no)), split_path(entry.origin).name};
}

Result<DirectoryRef> open_destination(const Reader& reader, const Name& spot, Cross cross,
                                      const std::optional<Owner>& as_user)
{
    if (as_user) return reader.open_directory_as(spot, cross, *as_user);
    return reader.open_directory(spot, cross);
}

bool may_be_in_vacant(const Layout& layout, std::string_view name)
{
    return is_storage_name(name, layout.storage_names) || name.starts_with(mount_staging_prefix) ||
           name == workspace_name;
}

}  // namespace mailstate
