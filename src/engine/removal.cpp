// SPDX-License-Identifier: MIT
#include "engine/removal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include "engine/copy_fingerprint.hpp"
#include "engine/split_path.hpp"
#include "engine/staging_name.hpp"
#include "engine/stale.hpp"
#include "engine/workspace_names.hpp"
#include "fs/digest.hpp"
#include "mailstate/base/text.hpp"
#include "model/adoption.hpp"

namespace mailstate {

namespace {

constexpr std::array<std::string_view, 4> staging_prefixes{".mailstate-staging.", ".mailstate-restore.",
                                                           ".mailstate-rehearsal.", ".mailstate-staging.probe."};
constexpr std::string_view rollback_prefix = ".mailstate.rollback-";

bool is_own_beside(const std::string& name)
{
    if (name.starts_with(rollback_prefix) || name.starts_with(foreign_prefix)) return true;
    return is_staging_name(name) &&
           std::ranges::any_of(staging_prefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

enum class Whose { ours, not_ours, not_known };

// names: below a directory ".mailstate".
Whose owner_in_workspace(const std::vector<std::string>& names, std::size_t i)
{
    if (i >= names.size()) return Whose::not_known;
    if (names[i] == staging_directory) {
        if (i + 1 >= names.size()) return Whose::not_known;
        return is_staging_name(names[i + 1]) ? Whose::ours : Whose::not_ours;
    }
    return i + 1 == names.size() && is_record_name(names[i]) ? Whose::ours : Whose::not_ours;
}

// By the first of the names that says whose it is: what was set aside may have anything in it.
bool is_own(const std::string& path)
{
    if (path.ends_with(seal_path)) return true;
    const std::vector<std::string> names = split_list(path, '/');
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_own_beside(names[i])) return true;
        if (names[i] != workspace_name) continue;
        const Whose whose = owner_in_workspace(names, i + 1);
        if (whose != Whose::not_known) return whose == Whose::ours;
    }
    return false;
}

// What is read here counts only where it is there: whatever cannot be read is no proof. A link is followed unless one
// is looked for: start scripts copy what it leads to.
std::optional<Place> find_in_image(const Reader& reader, std::string path, Kind kind)
{
    constexpr int longest_chain = 8;
    for (int i = 0; i < longest_chain; ++i) {
        const SplitPath split = split_path(path);
        const Result<DirectoryRef> at = reader.open(split.parent);
        if (!at) return std::nullopt;
        const Result<Attributes> seen = reader.attributes({*at, split.name});
        if (!seen) return std::nullopt;
        if (seen->kind != Kind::symlink || kind == Kind::symlink) return Place{{*at, split.name}, *seen};
        const Result<std::string> text = reader.read_link({*at, split.name});
        if (!text) return std::nullopt;
        path = text->starts_with('/') ? *text : split.parent + "/" + *text;
    }
    return std::nullopt;
}

Failure other_link(const Name& item)
{
    return fail(Error{ESTALE, "", item.path(), "is not the link that was there", {}});
}

}  // namespace

Result<Reading> Reading::of(const Reader& reader, const Place& place)
{
    std::string digest;
    if (place.attributes.kind == Kind::regular) digest = to_text(TRY(reader.digest(place, place.attributes)));
    if (place.attributes.kind == Kind::symlink) digest = to_text(digest_of(TRY(reader.read_link(place))));
    return Reading(place.attributes, std::move(digest));
}

Result<Proof> Removal::own(const Name& item)
{
    if (is_own(item.path())) return Proof(Grounds::own);
    return fail(Error{EPERM, "", item.path(), "is not a name that mailstate created, so it is not removed", {}});
}

Result<Proof> Removal::own_link(const Reader& reader, const Name& item)
{
    const Attributes seen = TRY(reader.attributes(item));
    if (seen.kind != Kind::symlink) return other_link(item);
    return Proof(Grounds::own, seen);
}

Result<Proof> Removal::own_link(const Reader& reader, const Name& item, const std::string& text)
{
    Proof proof = TRY(own_link(reader, item));
    if (TRY(reader.read_link(item)) != text) return other_link(item);
    return proof;
}

Proof Removal::empty_directory()
{
    return Proof(Grounds::nothing);
}

Result<std::optional<Proof>> Removal::vacant(const Reader& reader, const Name& item, Kind kind)
{
    const std::optional<Attributes> seen = TRY(find(reader, item));
    const bool is_vacant = seen && (kind == Kind::directory || (kind == Kind::regular && seen->size == 0));
    if (!is_vacant || seen->kind != kind) return std::optional<Proof>();
    return std::optional(Proof(Grounds::nothing, seen));
}

std::optional<Proof> Removal::holds_nothing(const Attributes& seen)
{
    if (seen.kind != Kind::fifo && seen.kind != Kind::socket) return std::nullopt;
    return Proof(Grounds::nothing, seen);
}

Result<std::optional<Proof>> Removal::equal(const Reader& reader, const Place& place, const Place& survivor)
{
    const Attributes &item = place.attributes, &kept = survivor.attributes;
    if (item.kind != kept.kind) return std::optional<Proof>();
    const bool is_device = item.kind == Kind::char_device || item.kind == Kind::block_device;
    if (is_device && item.rdev != kept.rdev) return std::optional<Proof>();
    const bool is_file = item.kind == Kind::regular;  // of a link's text some FUSE programs do not know the size
    if (is_file && item.size != kept.size) return std::optional<Proof>();
    const bool is_empty = is_file && item.size == 0;
    const bool is_read = (is_file && !is_empty && !same_inode(item, kept)) || item.kind == Kind::symlink;
    if (is_read && TRY(Reading::of(reader, place)).digest() != TRY(Reading::of(reader, survivor)).digest())
        return std::optional<Proof>();
    return std::optional(Proof(Grounds::equal, item));
}

std::optional<Proof> Removal::copied(const OriginCopy& origin, Names names, const Place& place, const Attributes& copy)
{
    if (names != Names::as_copied || !origin.covers(place.attributes, copy)) return std::nullopt;
    return Proof(Grounds::copied, place.attributes);
}

std::optional<Proof> Removal::copied_root(const OriginCopy& origin, const Place& place, const Attributes& copy)
{
    if (!origin.covers_root(place.attributes, copy)) return std::nullopt;
    return Proof(Grounds::copied, place.attributes);
}

Result<std::optional<Proof>> Removal::set_aside(const Reader& reader, const Place& place, const Place& aside)
{
    if (!TRY(equal(reader, place, aside))) return std::optional<Proof>();
    return std::optional(Proof(Grounds::set_aside, place.attributes));
}

std::optional<Proof> Removal::pristine(const Reading& reading, const std::string& path, const Seal& seal)
{
    const auto found = seal.items.find(path);
    if (found == seal.items.end() || found->second.kind != reading.seen().kind) return std::nullopt;
    if (found->second.digest != reading.digest()) return std::nullopt;
    return Proof(Grounds::pristine, reading.seen());
}

std::optional<Proof> Removal::disposable(const Place& place, const std::string& relative,
                                         const std::vector<Glob>& patterns)
{
    const auto matches = [&](const Glob& glob) { return glob.matches(relative); };
    if (!std::ranges::any_of(patterns, matches)) return std::nullopt;
    return Proof(Grounds::disposable, place.attributes);
}

Result<std::optional<Proof>> Removal::equal_at_root(const Reader& reader, const Place& place,
                                                    const std::string& relative, const std::vector<Glob>& patterns)
{
    const auto matches = [&](const Glob& glob) { return glob.matches(relative); };
    if (!std::ranges::any_of(patterns, matches)) return std::optional<Proof>();
    const std::optional<Place> image = find_in_image(reader, "/" + relative, place.attributes.kind);
    if (!image || same_inode(image->attributes, place.attributes)) return std::optional<Proof>();
    std::optional<Proof> equal = TRY(Removal::equal(reader, place, *image));
    if (equal) return std::optional(Proof(Grounds::disposable, place.attributes));
    return equal;
}

Result<Proof> Removal::superseded_copy(const World& world, const Ledger& ledger, const std::string& entry,
                                       const Name& item)
{
    const auto found = ledger.entries.find(entry);
    if (found != ledger.entries.end() && found->second.phase == Phase::adopted && found->second.adoption) {
        const std::vector<std::string>& copies = found->second.adoption->copies;
        if (std::ranges::find(copies, TRY(copy_fingerprint(world, item))) != copies.end())
            return Proof(Grounds::superseded);
    }
    return fail(Error{EPERM, "", item.path(), "is not an unchanged copy of a mount, so it is not removed", {}});
}

Result<Proof> Removal::superseded_generation(const std::vector<Generation>& all, const Generation& old)
{
    const std::vector<Generation> gone = mailstate::superseded(all);
    if (std::ranges::find(gone, old) != gone.end()) return Proof(Grounds::superseded);
    return fail(Error{EPERM, "", old.name, "is the newest or the largest of its kind, so it is not removed", {}});
}

Result<std::optional<Proof>> Removal::stale(const Reader& reader, const Name& item)
{
    const std::optional<Attributes> seen = TRY(find(reader, item));
    if (!seen || TRY(look_for_trace(reader, item, *seen)).trace != Trace::dead) return std::optional<Proof>();
    return std::optional(Proof(Grounds::stale, seen));
}

Proof Removal::asked(const PruneOptions& /*request*/)
{
    return Proof(Grounds::asked);
}

Proof Removal::asked(const Attributes& seen)
{
    return Proof(Grounds::asked, seen);
}

}  // namespace mailstate
