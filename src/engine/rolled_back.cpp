// SPDX-License-Identifier: MIT
#include "engine/rolled_back.hpp"

#include <cerrno>

#include "engine/remove_tree.hpp"

namespace mailstate {

std::string rollback_name(const std::string& origin_name)
{
    return ".mailstate.rollback-" + origin_name;
}

Result<> finish_rollback(const World& world, Writer& writer, const Name& origin)
{
    const DirectoryRef beside = TRY(world.reader.open_directory({origin.at, rollback_name(origin.name)}, Cross::no));
    const std::optional<Attributes> left = TRY(find(world.reader, {beside, rollback_state}));
    if (!left) return {};
    if (left->kind != Kind::symlink)
        return fail(Error{EEXIST, "", beside->path().text(rollback_state), "is not the link that was there",
                          "Inspect its content, then remove it."});
    TRY(writer.remove_file({beside, rollback_state}, TRY(Removal::own_link(world.reader, {beside, rollback_state}))));
    return writer.sync_directory(beside);
}

Result<> remove_rollback(const World& world, Writer& writer, const Name& origin)
{
    return remove_own(world, writer, {origin.at, rollback_name(origin.name)});
}

}  // namespace mailstate
