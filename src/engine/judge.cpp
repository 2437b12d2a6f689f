// SPDX-License-Identifier: MIT
#include "engine/judge.hpp"

#include <algorithm>
#include <cerrno>

#include "fs/digest.hpp"

namespace mailstate {

std::string set_aside_key(const std::string& relative, Kind kind, const std::string& digest)
{
    std::string key = relative;
    key += '\0';
    key += name_of(kind);
    key += '\0';
    return key + digest;
}

Result<DirectoryRef> counterpart(const Reader& reader, const DirectoryRef& kept, const std::string& name)
{
    if (!kept) return DirectoryRef();
    Result<DirectoryRef> opened = reader.open_directory(kept, name, Cross::no);
    if (opened) return opened;
    const int number = opened.error().number;
    const bool none = number == ENOENT || number == ENOTDIR || number == ELOOP || number == EXDEV;
    return none ? Result<DirectoryRef>(DirectoryRef()) : opened;
}

Result<Judge> Judge::make(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                          const SetAside& set_aside)
{
    Judge judge(world, entry, seal, set_aside);
    for (const std::string& pattern : entry.disposable) judge.disposable_.push_back(TRY(Glob::compile(pattern)));
    return judge;
}

Result<std::string> Judge::digest(const Place& place) const
{
    const Reader& reader = world_->reader;
    if (place.attributes.kind == Kind::regular)
        return to_text(TRY(reader.digest(place.at, place.name, place.attributes)));
    if (place.attributes.kind == Kind::symlink) return to_text(digest_of(TRY(reader.read_link(place.at, place.name))));
    return std::string();
}

Result<Fate> Judge::fate(const Place& place, const DirectoryRef& kept) const
{
    return compare(place, place.relative(), kept, place.name);
}

Result<Fate> Judge::fate_of_file(const Place& place, const DirectoryRef& kept_at, const std::string& kept_name) const
{
    return compare(place, "", kept_at, kept_name);
}

Result<Fate> Judge::compare(const Place& place, const std::string& relative, const DirectoryRef& kept_at,
                            const std::string& kept_name) const
{
    const Attributes& item = place.attributes;
    if (item.kind == Kind::socket) return Fate::drop;  // dead without its listener
    if (!kept_at) return candidate(place, relative);
    const std::optional<Attributes> kept = TRY(find(world_->reader, kept_at, kept_name));
    if (!kept || kept->kind != item.kind) return candidate(place, relative);
    if (item.kind == Kind::directory || item.kind == Kind::fifo) return Fate::drop;
    if (item.kind == Kind::char_device || item.kind == Kind::block_device)
        return item.rdev == kept->rdev ? Fate::drop : candidate(place, relative);
    if (item.mtime <= kept->mtime) return Fate::drop;  // the same, or the destination's is newer: the destination wins
    if (item.size == kept->size) {
        const Place kept_place{kept_at, kept_name, *kept};
        if (TRY(digest(place)) == TRY(digest(kept_place))) return Fate::drop;
    }
    return candidate(place, relative);
}

Result<Fate> Judge::candidate(const Place& place, const std::string& relative) const
{
    const auto matches = [&](const Glob& glob) { return glob.matches(relative); };
    if (std::any_of(disposable_.begin(), disposable_.end(), matches)) return Fate::drop;
    if (!*seal_ && set_aside_->empty()) return Fate::set_aside;
    const std::string content = TRY(digest(place));
    if (is_pristine(relative, place.attributes, content)) return Fate::drop;
    return set_aside_->contains(set_aside_key(relative, place.attributes.kind, content)) ? Fate::drop : Fate::set_aside;
}

bool Judge::is_pristine(const std::string& relative, const Attributes& item, const std::string& digest) const
{
    if (!*seal_) return false;
    const std::string path = relative.empty() ? entry_->origin : entry_->origin + "/" + relative;
    const auto found = (*seal_)->items.find(path);
    if (found == (*seal_)->items.end() || found->second.kind != item.kind) return false;
    return found->second.digest == digest;
}

}  // namespace mailstate
