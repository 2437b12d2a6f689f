// SPDX-License-Identifier: MIT
#include "engine/same_content.hpp"

#include "engine/copy_tree.hpp"

namespace mailstate {

bool have_same_content(const World& world, Kind kind, const Name& left, const Name& right)
{
    const Reader& reader = world.reader;
    if (kind == Kind::directory) {
        const Result<DirectoryRef> from = reader.open_directory(left, Cross::no);
        const Result<DirectoryRef> to = reader.open_directory(right, Cross::no);
        return from && to && compare_trees(world, *from, *to, Cross::no, Content::yes);
    }
    const Result<Attributes> from = reader.attributes(left);
    const Result<Attributes> to = reader.attributes(right);
    return from && to && compare_items(world, {left, *from}, {right, *to}, Content::yes);
}

}  // namespace mailstate
