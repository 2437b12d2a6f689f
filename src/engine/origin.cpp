// SPDX-License-Identifier: MIT
#include "engine/origin.hpp"

#include <cerrno>

#include "engine/in_use.hpp"
#include "engine/irremovable.hpp"
#include "engine/remove_tree.hpp"
#include "engine/rolled_back.hpp"

namespace mailstate {

namespace {

Result<> make_temporary_link(const World& world, Writer& writer, const OriginLink& link)
{
    const std::string temporary = temporary_name(link.places.origin.name);
    const std::optional<Attributes> left = TRY(find(world.reader, {link.places.origin.at, temporary}));
    if (left && left->kind != Kind::symlink)
        return fail(Error{EEXIST, "", link.places.origin.at->path().text(temporary), "already exists",
                          "Inspect its content, then remove it."});
    if (left)
        TRY(writer.remove_file({link.places.origin.at, temporary},
                               TRY(Removal::own_link(world.reader, {link.places.origin.at, temporary}))));
    return writer.make_link({link.places.origin.at, temporary}, link.text);
}

// The name is free for a moment; a kill there leaves an absent origin, which the next run links.
Result<> empty_and_link(const World& world, Writer& writer, const OriginLink& link, const Judge& judge)
{
    const DirectoryRef origin = TRY(world.reader.open_directory(link.places.origin, Cross::no));
    const Names names = judge.names_in(TRY(world.reader.attributes(origin)), Names::as_copied);
    TRY(check_nothing_is_new(world, origin, link.kept, judge, names));
    TRY(remove_rollback(world, writer, link.places.origin));  // of an origin that is whole
    if (link.midway != nullptr) *link.midway = true;
    TRY(empty_directory(world, writer, origin, link.kept, judge, Reachable::yes, names));
    TRY(writer.remove_directory(link.places.origin, Removal::empty_directory()));
    TRY(writer.rename({link.places.origin.at, temporary_name(link.places.origin.name)}, link.places.origin,
                      Replace::no));
    if (link.midway != nullptr) *link.midway = false;
    return {};
}

// seen: the tree under its own name. The exchange has set its ctime since, but not its mtime, which names set as well.
Result<> remove_old_tree(const World& world, Writer& writer, const OriginLink& link, const Judge& judge,
                         const Attributes& seen)
{
    const std::string temporary = temporary_name(link.places.origin.name);
    const DirectoryRef old = TRY(world.reader.open_directory({link.places.origin.at, temporary}, Cross::no));
    const Attributes now = TRY(world.reader.attributes(old));
    const bool untouched = same_inode(now, seen) && now.mtime == seen.mtime;
    const Names names = untouched ? judge.names_in(seen, Names::as_copied) : Names::changed;
    TRY(empty_directory(world, writer, old, link.kept, judge, Reachable::no, names));
    return writer.remove_directory({link.places.origin.at, temporary}, Removal::empty_directory());
}

Result<> exchange(Writer& writer, const Name& origin)
{
    return writer.rename({origin.at, temporary_name(origin.name)}, origin, Replace::exchange);
}

// By its name nobody comes to the old tree any more. Who came before, since the survey, would go on writing to it: then
// the service keeps its origin.
Result<> check_nobody_holds_it(const World& world, Writer& writer, const OriginLink& link)
{
    const Name& origin = link.places.origin;
    const std::string users = TRY(users_of(world.reader, {origin.at, temporary_name(origin.name)}));
    if (users.empty()) return {};
    TRY(exchange(writer, origin));
    TRY(writer.sync_directory(origin.at));
    return fail(Error{EBUSY, "", origin.path(), "was opened by " + users + " while it was copied",
                      "Start services after mailstate has ended: stop this one, then run 'mailstate apply' again."});
}

Result<> replace_directory(const World& world, Writer& writer, const OriginLink& link, const Judge& judge,
                           const Attributes& seen)
{
    Result<> exchanged = exchange(writer, link.places.origin);
    if (!exchanged && exchange_is_refused(exchanged.error())) return empty_and_link(world, writer, link, judge);
    if (!exchanged) return exchanged;
    TRY(check_nobody_holds_it(world, writer, link));
    TRY(writer.sync_directory(link.places.origin.at));
    return remove_old_tree(world, writer, link, judge, seen);
}

Result<> replace_file(Writer& writer, const OriginLink& link, const Attributes& seen, const Judge& judge)
{
    const Place place{link.places.origin, seen};
    const std::optional<Proof> proof =
        TRY(judge.proof_of_file(place, judge.survivors(link.kept), link.places.destination.name));
    if (!proof)
        return fail(Error{EBUSY, "", place.path(), "changed during the move, so it is not removed",
                          "Stop the service that writes there, then run 'mailstate apply' again."});
    return writer.replace({link.places.origin.at, temporary_name(link.places.origin.name)}, link.places.origin, *proof);
}

}  // namespace

// The kernel refuses an exchange of a directory that lies in a lower layer of an overlay with EXDEV, and filesystems
// that lack the flag answer EINVAL.
bool exchange_is_refused(const Error& error)
{
    return error.number == EXDEV || error.number == EINVAL || error.number == ENOSYS || error.number == EOPNOTSUPP;
}

std::string temporary_name(const std::string& origin_name)
{
    return ".mailstate-" + origin_name;
}

Result<> check_no_mounts(const Reader& reader, const Name& item)
{
    const MountTable mounts = TRY(reader.mounts());
    const std::string path = (TRY(reader.location(item.at)) / item.name).string();
    const Mount* at = mounts.at(path);
    const std::vector<const Mount*> below = mounts.below(path);
    if (at == nullptr && below.empty()) return {};
    const std::string& where = at != nullptr ? at->mount_point : below.front()->mount_point;
    return fail(Error{EBUSY, "", path, "something is mounted at " + where,
                      "Remove that mount from the container's definition, then start it again."});
}

Result<> link_absent(const World& world, Writer& writer, const OriginLink& link)
{
    TRY(make_temporary_link(world, writer, link));
    TRY(writer.rename({link.places.origin.at, temporary_name(link.places.origin.name)}, link.places.origin,
                      Replace::no));
    return writer.sync_directory(link.places.origin.at);
}

Result<> replace_by_link(const World& world, Writer& writer, const OriginLink& link, const Judge& judge)
{
    const Attributes seen = TRY(world.reader.attributes(link.places.origin));
    // An exchange would carry mounts along, out of the way of whoever made them: look once more, now.
    TRY(check_no_mounts(world.reader, link.places.origin));
    TRY(make_temporary_link(world, writer, link));
    Result<> replaced = seen.kind == Kind::directory ? replace_directory(world, writer, link, judge, seen)
                                                     : replace_file(writer, link, seen, judge);
    if (!replaced) {
        const std::string temporary = temporary_name(link.places.origin.name);
        const Result<Proof> ours = Removal::own_link(world.reader, {link.places.origin.at, temporary}, link.text);
        if (ours) (void)writer.remove_file({link.places.origin.at, temporary}, *ours);  // the next run would do it
        return replaced;
    }
    return writer.sync_directory(link.places.origin.at);
}

Result<Displaced> clear_leftover(const World& world, Writer& writer, Workspace& workspace, const OriginLink& link,
                                 const Judge& judge, SetAside& set_aside)
{
    const std::string temporary = temporary_name(link.places.origin.name);
    const std::optional<Attributes> left = TRY(find(world.reader, {link.places.origin.at, temporary}));
    if (!left) return Displaced{};
    if (left->kind == Kind::symlink) {
        TRY(writer.remove_file({link.places.origin.at, temporary},
                               TRY(Removal::own_link(world.reader, {link.places.origin.at, temporary}))));
        return Displaced{};
    }
    if (left->kind != Kind::directory)
        return fail(Error{EEXIST, "", link.places.origin.at->path().text(temporary), "already exists",
                          "Inspect its content, then remove it."});
    const Result<> unused = check_no_mounts(world.reader, {link.places.origin.at, temporary});
    if (!unused && unused.error().number == EBUSY) return Displaced{};
    TRY(unused);
    if (!TRY(users_of(world.reader, {link.places.origin.at, temporary})).empty()) return Displaced{};
    const DirectoryRef old = TRY(world.reader.open_directory({link.places.origin.at, temporary}, Cross::no));
    Displaced displaced =
        TRY(displace_tree(world, writer, workspace, link.places.entry, old, link.kept, judge, set_aside));
    const Result<> removed = remove_old_tree(world, writer, link, judge, *left);
    if (!removed && !is_irremovable(removed.error())) return fail(removed.error());
    return displaced;  // all that it held is on the volume
}

}  // namespace mailstate
