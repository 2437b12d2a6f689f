// SPDX-License-Identifier: MIT
#include "engine/whole_copy.hpp"

namespace mailstate {

namespace {

bool has_same_attributes(const Attributes& origin, const Attributes& copy)
{
    return origin.kind == copy.kind && origin.owner == copy.owner && origin.mode == copy.mode &&
           origin.mtime == copy.mtime && origin.rdev == copy.rdev && copy.links <= origin.links &&
           (origin.kind != Kind::regular || origin.size == copy.size);
}

}  // namespace

Result<bool> is_whole(const Reader& reader, const Place& origin, const Place& copy)
{
    if (!has_same_attributes(origin.attributes, copy.attributes)) return false;
    if (origin.attributes.kind != Kind::symlink) return true;
    return TRY(reader.read_link(origin)) == TRY(reader.read_link(copy));
}

}  // namespace mailstate
