// SPDX-License-Identifier: MIT
#include "engine/judge.hpp"

#include <algorithm>

namespace mailstate {

Result<std::string> content_digest(const Reader& reader, const Place& place)
{
    return TRY(Reading::of(reader, place)).digest();
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

Result<Judge> Judge::make_of_leftover(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                                      const SetAside& set_aside)
{
    Judge judge = TRY(make(world, entry, seal, set_aside));
    for (const std::string& pattern : entry.stale) judge.stale_.push_back(TRY(Glob::compile(pattern)));
    return judge;
}

Names Judge::names_in(const Attributes& directory, Names above) const
{
    return copy_ != nullptr && above == Names::as_copied ? copy_->names_in(directory) : Names::changed;
}

// Looked at before anything in it is removed, which changes it, too.
Result<Survivors> Judge::survivors_below(const Survivors& above, const std::string& name,
                                         const DirectoryRef& opened) const
{
    Survivors below = TRY(mailstate::survivors_below(world_->reader, above, name));
    if (above.names == Names::as_copied) below.names = names_in(TRY(world_->reader.attributes(opened)), above.names);
    return below;
}

Result<std::optional<Proof>> Judge::proof(const Place& place, const Survivors& at) const
{
    if (copy_ != nullptr && at.kept && at.names == Names::as_copied) {
        const std::optional<Attributes> copy = TRY(find(world_->reader, {at.kept, place.name}));
        if (copy)
            if (auto proof = Removal::copied(*copy_, at.names, place, *copy)) return proof;
    }
    return compare(place, place.relative(), at, place.name);
}

Result<std::optional<Proof>> Judge::proof_of_file(const Place& place, const Survivors& at,
                                                  const std::string& kept_name) const
{
    if (copy_ != nullptr && at.kept) {
        const std::optional<Attributes> copy = TRY(find(world_->reader, {at.kept, kept_name}));
        if (copy)
            if (auto proof = Removal::copied_root(*copy_, place, *copy)) return proof;
    }
    return compare(place, "", at, kept_name);
}

Result<Fate> Judge::fate(const Place& place, const Survivors& at) const
{
    return TRY(proof(place, at)) ? Fate::drop : Fate::set_aside;
}

Result<Fate> Judge::fate_of_file(const Place& place, const Survivors& at, const std::string& kept_name) const
{
    return TRY(proof_of_file(place, at, kept_name)) ? Fate::drop : Fate::set_aside;
}

// The cheap questions first: what is disposable is not read, and of what is pristine only the origin is, which is on
// this machine where the volume may not be.
Result<std::optional<Proof>> Judge::compare(const Place& place, const std::string& relative, const Survivors& at,
                                            const std::string& kept_name) const
{
    if (place.attributes.kind == Kind::socket) return Removal::holds_nothing(place.attributes);  // dead by now
    if (auto proof = Removal::disposable(place, relative, disposable_)) return proof;
    if (auto proof = TRY(pristine(place, relative))) return proof;
    if (auto proof = TRY(equal_to_survivor(place, at, kept_name))) return proof;
    if (auto proof = TRY(stale(place, relative))) return proof;
    return Removal::equal_at_root(world_->reader, place, relative, copies_);
}

Result<std::optional<Proof>> Judge::pristine(const Place& place, const std::string& relative) const
{
    if (!*seal_) return std::optional<Proof>();
    const std::string path = relative.empty() ? entry_->origin : entry_->origin + "/" + relative;
    const auto found = (*seal_)->items.find(path);
    const Attributes& item = place.attributes;
    if (found == (*seal_)->items.end() || found->second.kind != item.kind) return std::optional<Proof>();
    if (item.kind == Kind::regular && found->second.size != item.size) return std::optional<Proof>();
    return Removal::pristine(TRY(Reading::of(world_->reader, place)), path, **seal_);
}

Result<std::optional<Proof>> Judge::stale(const Place& place, const std::string& relative) const
{
    const auto matches = [&](const Glob& glob) { return glob.matches(relative); };
    if (place.attributes.kind != Kind::regular || std::ranges::none_of(stale_, matches)) return std::optional<Proof>();
    return Removal::stale(world_->reader, place);
}

Result<std::optional<Proof>> Judge::equal_to_survivor(const Place& place, const Survivors& at,
                                                      const std::string& kept_name) const
{
    const Reader& reader = world_->reader;
    if (at.kept) {
        const std::optional<Attributes> kept = TRY(find(reader, {at.kept, kept_name}));
        if (kept)
            if (auto proof = TRY(Removal::equal(reader, place, {{at.kept, kept_name}, *kept}))) return proof;
    }
    for (const DirectoryRef& tree : at.aside) {
        const std::optional<Attributes> aside = TRY(find(reader, {tree, place.name}));
        if (aside)
            if (auto proof = TRY(Removal::set_aside(reader, place, {{tree, place.name}, *aside}))) return proof;
    }
    return std::optional<Proof>();
}

}  // namespace mailstate
