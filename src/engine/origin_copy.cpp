// SPDX-License-Identifier: MIT
#include "engine/origin_copy.hpp"

namespace mailstate {

namespace {

bool is_like(const Attributes& item, const Attributes& copy)
{
    if (item.kind != copy.kind || item.kind == Kind::directory) return false;
    return item.size == copy.size && item.mtime == copy.mtime && item.rdev == copy.rdev;
}

}  // namespace

std::optional<OriginCopy> OriginCopy::begin(const Reader& reader, Writer& writer, const Name& item)
{
    const Result<Timestamp> now = writer.clock(item.at);
    const Result<Attributes> root = reader.attributes(item);
    if (!now || !root) return std::nullopt;
    return OriginCopy(*now, *root);
}

Names OriginCopy::names_in(const Attributes& directory) const
{
    return published_ && directory.ctime <= begun_ ? Names::as_copied : Names::changed;
}

bool OriginCopy::covers(const Attributes& item, const Attributes& copy) const
{
    return published_ && item.ctime <= begun_ && is_like(item, copy);
}

bool OriginCopy::covers_root(const Attributes& item, const Attributes& copy) const
{
    return same_inode(item, root_) && item.ctime == root_.ctime && covers(item, copy);
}

}  // namespace mailstate
