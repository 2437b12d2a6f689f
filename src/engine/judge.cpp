// SPDX-License-Identifier: MIT
#include "engine/judge.hpp"

#include <cerrno>

namespace mailstate {

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
                          const SetAside& set_aside, const OriginCopy* copy)
{
    Judge judge(world, entry, seal, set_aside, copy);
    for (const std::string& pattern : entry.disposable) judge.disposable_.push_back(TRY(Glob::compile(pattern)));
    for (const std::string& pattern : entry.disposable_if_equal_to_root)
        judge.copies_.push_back(TRY(Glob::compile(pattern)));
    return judge;
}

Result<std::string> Judge::digest(const Place& place) const
{
    return TRY(Reading::of(world_->reader, place)).digest();
}

Names Judge::names_in(const Attributes& directory, Names above) const
{
    return copy_ != nullptr && above == Names::as_copied ? copy_->names_in(directory) : Names::changed;
}

Result<std::optional<Proof>> Judge::proof(const Place& place, const DirectoryRef& kept_at, Names names) const
{
    if (copy_ != nullptr && kept_at && names == Names::as_copied) {
        const std::optional<Attributes> copy = TRY(find(world_->reader, kept_at, place.name));
        if (copy)
            if (auto proof = Removal::copied(*copy_, names, place, *copy)) return proof;
    }
    return compare(place, place.relative(), kept_at, place.name);
}

Result<std::optional<Proof>> Judge::proof_of_file(const Place& place, const DirectoryRef& kept_at,
                                                  const std::string& kept_name) const
{
    if (copy_ != nullptr) {
        const std::optional<Attributes> copy = TRY(find(world_->reader, kept_at, kept_name));
        if (copy)
            if (auto proof = Removal::copied_root(*copy_, place, *copy)) return proof;
    }
    return compare(place, "", kept_at, kept_name);
}

Result<Fate> Judge::fate(const Place& place, const DirectoryRef& kept) const
{
    return TRY(proof(place, kept, Names::changed)) ? Fate::drop : Fate::set_aside;
}

Result<Fate> Judge::fate_of_file(const Place& place, const DirectoryRef& kept_at, const std::string& kept_name) const
{
    return TRY(proof_of_file(place, kept_at, kept_name)) ? Fate::drop : Fate::set_aside;
}

Result<std::optional<Proof>> Judge::compare(const Place& place, const std::string& relative,
                                            const DirectoryRef& kept_at, const std::string& kept_name) const
{
    const Attributes& item = place.attributes;
    if (item.kind == Kind::socket) return Removal::holds_nothing(item);  // dead without its listener
    if (!kept_at) return without_counterpart(place, relative);
    const std::optional<Attributes> kept = TRY(find(world_->reader, kept_at, kept_name));
    if (!kept || kept->kind != item.kind) return without_counterpart(place, relative);
    if (copy_ == nullptr && (item.kind == Kind::regular || item.kind == Kind::symlink))
        if (auto proof = Removal::not_newer(place, *kept)) return proof;
    if (auto proof = TRY(Removal::equal(world_->reader, place, {kept_at, kept_name, *kept, 0}))) return proof;
    return without_counterpart(place, relative);
}

Result<std::optional<Proof>> Judge::without_counterpart(const Place& place, const std::string& relative) const
{
    if (auto proof = Removal::disposable(place, relative, disposable_)) return proof;
    if (auto proof = TRY(Removal::equal_at_root(world_->reader, place, relative, copies_))) return proof;
    if (!*seal_ && set_aside_->empty()) return std::optional<Proof>();
    const Reading reading = TRY(Reading::of(world_->reader, place));
    const std::string path = relative.empty() ? entry_->origin : entry_->origin + "/" + relative;
    if (*seal_)
        if (auto proof = Removal::pristine(reading, path, **seal_)) return proof;
    return Removal::set_aside(reading, relative, *set_aside_);
}

}  // namespace mailstate
