// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>

#include "engine/copy_tree.hpp"
#include "engine/subvolume_stub.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Failure differs(const std::string& path, const std::string& what)
{
    return fail(Error{EBUSY, "", path, "differs from its copy in " + what,
                      "Stop the service that writes there; if there is none, the volume cannot keep this."});
}

std::string owner_text(Owner owner)
{
    return std::to_string(static_cast<std::uint32_t>(owner.uid)) + ":" +
           std::to_string(static_cast<std::uint32_t>(owner.gid));
}

std::string time_text(Timestamp time)
{
    const std::string nanoseconds = std::to_string(time.nanoseconds);
    return std::to_string(time.seconds) + "." + std::string(9 - nanoseconds.size(), '0') + nanoseconds;
}

// A filesystem that keeps whole seconds, or two of them, rounds either way.
bool is_rounded(Timestamp exact, Timestamp kept)
{
    const std::int64_t seconds = exact.seconds - kept.seconds;
    return seconds >= -1 && seconds <= 2;
}

// Filesystems set a time beyond what they can hold to the last one that they can, without an error: XFS without bigtime
// and ext4 with small inodes in 2038, others in 2106 or 2446; the earliest is 1901, 1970 or, of FAT in local time,
// 1980.
bool is_clamped(Timestamp exact, Timestamp kept)
{
    constexpr std::int64_t end_of_32_bits = 2147483647, days_of_1980 = 315532800 + 2 * 86400;
    if (exact.seconds >= end_of_32_bits) return kept < exact && kept.seconds >= end_of_32_bits - 1;
    return exact.seconds < days_of_1980 && exact < kept && kept.seconds <= days_of_1980;
}

// Of a link nothing but its text counts.
bool is_same_time(const Attributes& from, const Attributes& to, Times times)
{
    if (from.mtime == to.mtime || from.kind == Kind::symlink || is_clamped(from.mtime, to.mtime)) return true;
    return times == Times::coarse && is_rounded(from.mtime, to.mtime);
}

// acting_as: who made the copy; everything in it belongs to that user then.
Result<> compare_attributes(const std::string& path, const Attributes& from, const Attributes& to,
                            const std::optional<Owner>& acting_as, Times times)
{
    const Owner owner = acting_as.value_or(from.owner);
    const std::string of = from.kind == Kind::symlink ? " of the link" : from.kind == Kind::fifo ? " of the FIFO" : "";
    if (from.kind != to.kind)
        return differs(path, "kind: " + std::string(name_of(from.kind)) + " and " + std::string(name_of(to.kind)));
    if (from.kind != Kind::directory && from.size != to.size)
        return differs(path, "size: " + std::to_string(from.size) + " and " + std::to_string(to.size));
    if (from.mode != to.mode && from.kind != Kind::symlink)
        return differs(path, "mode" + of + ": " + octal_mode(from.mode.bits) + " and " + octal_mode(to.mode.bits));
    if (owner != to.owner)
        return differs(path, "owner" + of + ": " + owner_text(owner) + " and " + owner_text(to.owner));
    if (!is_same_time(from, to, times))
        return differs(path, "mtime: " + time_text(from.mtime) + " and " + time_text(to.mtime));
    if (from.rdev != to.rdev) return differs(path, "device number");
    return {};
}

// Two names are one inode in the tree exactly where they are one in the copy.
class LinkPairs {
public:
    bool matches(const Attributes& from, const Attributes& to)
    {
        if (from.links <= 1 && to.links <= 1) return true;
        const std::lock_guard lock(mutex_);
        const auto [found, added] = pairs_.try_emplace({from.device, from.inode}, to.inode);
        return found->second == to.inode && to.links <= from.links;
    }

private:
    std::mutex mutex_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> pairs_;
};

struct Counterpart {
    DirectoryRef to;
    bool is_root = false;                                // which may hold names of a storage
    std::shared_ptr<std::atomic<std::uint64_t>> names =  // of the source that must stand in the copy
        std::make_shared<std::atomic<std::uint64_t>>(0);
};

class Comparer final : public TreeVisitor<Counterpart> {
public:
    Comparer(const World& world, const Comparison& how, bool remote, bool storage_stays)
        : world_(world), how_(how), remote_(remote), storage_stays_(storage_stays)
    {
    }

    // A network filesystem's client learns by a listing what it would ask for name by name.
    Result<> learn(const DirectoryRef& directory) const
    {
        if (!remote_) return {};
        (void)TRY(names_in(directory));
        return {};
    }

    Result<Descend> visit(const Place& place, Counterpart& context) override
    {
        if (place.attributes.kind == Kind::socket) return Descend::no;
        if (how_.is_left_out && how_.is_left_out(place)) {  // the copy may have it or not
            if (TRY(find(world_.reader, {context.to, place.name}))) ++*context.names;
            return Descend::no;
        }
        if (storage_stays_ && is_storage_name(place.relative(), world_.layout.storage_names)) return Descend::no;
        ++*context.names;
        const std::optional<Attributes> copy = TRY(find(world_.reader, {context.to, place.name}));
        if (!copy) return differs(place.path(), "that it is not in the copy");
        const Place to{{context.to, place.name}, *copy};
        TRY(compare_items(world_, place, to, how_));
        if (place.attributes.kind != Kind::directory && !links_.matches(place.attributes, *copy))
            return differs(place.path(), "its hard links");
        if (how_.matched) how_.matched(place.relative(), *copy);
        return Descend::yes;
    }

    Result<Counterpart> enter(const Place& place, const Counterpart& parent, const DirectoryRef& /*opened*/) override
    {
        Counterpart counterpart{TRY(world_.reader.open_directory({parent.to, place.name}, Cross::no))};
        TRY(learn(counterpart.to));
        return counterpart;
    }

    Result<> leave(const DirectoryRef& directory, Counterpart& context) override
    {
        const std::uint64_t found = context.is_root && how_.storage != StorageNames::content
                                        ? TRY(names_in_root(directory, context.to))
                                        : TRY(names_in(context.to));
        if (found == *context.names) return {};
        return differs(directory->path().text(),
                       "names: " + std::to_string(*context.names) + " and " + std::to_string(found));
    }

private:
    [[nodiscard]] Result<std::uint64_t> names_in(const DirectoryRef& directory) const
    {
        std::uint64_t found = 0;
        TRY(each_name(world_.reader, directory, [&](const std::string& /*name*/) -> Result<> {
            ++found;
            return {};
        }));
        return found;
    }

    // Without those of its storage that the tree has not, or that are not looked at.
    [[nodiscard]] Result<std::uint64_t> names_in_root(const DirectoryRef& from, const DirectoryRef& to) const
    {
        std::uint64_t found = 0;
        TRY(each_name(world_.reader, to, [&](const std::string& name) -> Result<> {
            const bool is_storages = is_storage_name(name, world_.layout.storage_names);
            if (!is_storages || (!storage_stays_ && TRY(find(world_.reader, {from, name})))) ++found;
            return {};
        }));
        return found;
    }

    const World& world_;
    const Comparison& how_;
    bool remote_, storage_stays_;
    LinkPairs links_;
};

enum class Changed : bool { no, yes };

// With another owner or mode the kernel changes an access list, and drops file capabilities.
Result<std::vector<ExtendedAttribute>> kept_attributes(const Reader& reader, const Place& place, Changed changed)
{
    std::vector<ExtendedAttribute> kept = TRY(reader.extended_attributes(place));
    if (changed == Changed::yes)
        std::erase_if(kept, [](const ExtendedAttribute& attribute) {
            return attribute.name == "system.posix_acl_access" || attribute.name == "security.capability";
        });
    return kept;
}

}  // namespace

Result<> compare_items(const World& world, const Place& from, const Place& to, const Comparison& how)
{
    Attributes wanted = how.wanted ? how.wanted(from.relative(), from.attributes, to.attributes) : from.attributes;
    if (is_subvolume_stub(world.reader, from.at, from.attributes)) wanted.mtime = to.attributes.mtime;
    TRY(compare_attributes(from.path(), wanted, to.attributes, to.at->acting_as(), how.times));
    if (from.attributes.kind == Kind::symlink && TRY(world.reader.read_link(from)) != TRY(world.reader.read_link(to)))
        return differs(from.path(), "what the link says");
    const Changed changed{wanted.owner != from.attributes.owner || wanted.mode != from.attributes.mode};
    const bool is_doubtful = how.is_doubtful && how.is_doubtful(from.attributes, to.attributes);
    if ((how.content == Content::and_attributes || is_doubtful) &&
        TRY(kept_attributes(world.reader, from, changed)) != TRY(kept_attributes(world.reader, to, changed)))
        return differs(from.path(), "extended attributes");
    if (from.attributes.kind != Kind::regular || (how.content == Content::no && !is_doubtful)) return {};
    if (TRY(world.reader.digest(from, from.attributes)) != TRY(world.reader.digest(to, to.attributes)))
        return differs(from.path(), "content");
    return {};
}

Result<> compare_trees(const World& world, const DirectoryRef& from, const DirectoryRef& to, Cross cross,
                       const Comparison& how)
{
    const Attributes was = TRY(world.reader.attributes(from)), is = TRY(world.reader.attributes(to));
    const Attributes wanted = how.wanted ? how.wanted("", was, is) : was;
    TRY(compare_attributes(from->path().text(), wanted, is, to->acting_as(), how.times));
    const Result<FilesystemFacts> facts = world.reader.filesystem(to);
    const bool storage_stays = was.mount_root || how.storage == StorageNames::stay;
    Comparer comparer(world, how, facts && facts->kind == FilesystemClass::network, storage_stays);
    TRY(comparer.learn(to));
    return walk(world.reader, from, Counterpart{to, true}, comparer, {world.jobs, cross, &world.stop});
}

}  // namespace mailstate
