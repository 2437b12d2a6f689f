// SPDX-License-Identifier: MIT
#include "engine/same_content.hpp"

#include "engine/copy_tree.hpp"

namespace mailstate {

bool have_same_content(const World& world, Kind kind, const Spot& left, const Spot& right)
{
    const Reader& reader = world.reader;
    if (kind == Kind::directory) {
        const Result<DirectoryRef> from = reader.open_directory(left.at, left.name, Cross::no);
        const Result<DirectoryRef> to = reader.open_directory(right.at, right.name, Cross::no);
        return from && to && compare_trees(world, *from, *to, Cross::no, Content::yes);
    }
    const Result<Attributes> from = reader.attributes(left.at, left.name);
    const Result<Attributes> to = reader.attributes(right.at, right.name);
    return from && to &&
           compare_items(world, {left.at, left.name, *from, 0}, {right.at, right.name, *to, 0}, Content::yes);
}

}  // namespace mailstate
