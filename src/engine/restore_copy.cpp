// SPDX-License-Identifier: MIT
#include <cerrno>

#include "engine/copy_tree.hpp"
#include "engine/displace.hpp"
#include "engine/displaced_name.hpp"
#include "engine/entry_places.hpp"
#include "engine/origin.hpp"
#include "engine/remove_tree.hpp"
#include "engine/restoring.hpp"
#include "engine/split_path.hpp"
#include "engine/staging_name.hpp"
#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr const char* restore_prefix = ".mailstate-restore.";  // beside a directory that is restored to, then the run

Result<> copy_directory(const World& world, Writer& writer, const Name& from, const Name& to)
{
    world.progress.phase = "copying";
    const DirectoryRef source = TRY(world.reader.open_directory(from, Cross::no));
    const DirectoryRef made = TRY(writer.make_directory(to, Mode{0700}));
    (void)TRY(copy_tree(world, writer, source, made, {Cross::no}));
    TRY(writer.sync_filesystem(to.at));
    world.progress.phase = "comparing";
    return compare_trees(world, source, made, Cross::no, Content::yes);
}

Result<> copy_file(const World& world, Writer& writer, const Name& from, const Name& to)
{
    const Attributes seen = TRY(world.reader.attributes(from));
    const Durable durable = durable_in(world.reader, to.at);
    (void)TRY(copy_item(world, writer, {from, seen}, to, durable));
    TRY(writer.sync_filesystem(to.at));
    const Attributes made = TRY(world.reader.attributes(to));
    return compare_items(world, {from, seen}, {to, made}, Content::yes);
}

// The copy, compared and durable, under a name that nobody uses.
Result<> copy_compared(const World& world, Writer& writer, const Name& from, Kind kind, const Name& to)
{
    Result<> copied =
        kind == Kind::directory ? copy_directory(world, writer, from, to) : copy_file(world, writer, from, to);
    if (!copied) (void)remove_own(world, writer, to);  // else the next run does
    return copied;
}

// Over an empty directory: rename(2) refuses where something came into it meanwhile.
Result<> place(const Restoring& restoring, Writer& writer, const Name& staged, const Name& to)
{
    if (restoring.taken == Taken::empty)
        if (const auto vacant = TRY(Removal::vacant(restoring.world.reader, to, restoring.item().kind)))
            return writer.replace(staged, to, *vacant);
    return writer.rename(staged, to, Replace::no);
}

// What restores to there left when they were killed.
Result<> sweep_beside(const World& world, Writer& writer, const DirectoryRef& at)
{
    for (const std::string& name : TRY(staging_names(world.reader, at, restore_prefix)))
        TRY(remove_own(world, writer, {at, name}));
    return {};
}

// Where no two names can be exchanged (NFS). Returns the name of the old destination in displaced.
Result<std::string> exchange_in_steps(const Restoring& restoring, Writer& writer, Workspace& workspace,
                                      const Name& copy, const Name& to)
{
    std::string old = TRY(displace_whole(restoring.world, writer, workspace, *restoring.entry(), to));
    const Result<> placed = writer.rename(copy, to, Replace::no);
    if (!placed) (void)writer.rename({workspace.displaced(), old}, to, Replace::no);
    TRY(placed);
    return old;
}

// The copy goes to displaced first, so that the exchange of the two leaves the old destination there: at no moment is
// either without a name that lasts. Returns the name of the old destination in displaced.
Result<std::string> exchange(const Restoring& restoring, Writer& writer, Workspace& workspace, const Name& staged,
                             const Name& to)
{
    const std::string& entry = restoring.item().entry;
    std::string free = TRY(free_displaced_name(restoring.world.reader, workspace.displaced(), entry, workspace.run()));
    const Name aside{workspace.displaced(), std::move(free)};
    TRY(writer.rename(staged, aside, Replace::no));
    TRY(writer.sync_directory(workspace.displaced()));
    const Result<> exchanged = writer.rename(aside, to, Replace::exchange);
    if (exchanged) {
        change_of(workspace.ledger, entry).displaced.push_back(aside.name);
        return aside.name;
    }
    Result<std::string> old = exchange_is_refused(exchanged.error())
                                  ? exchange_in_steps(restoring, writer, workspace, aside, to)
                                  : Result<std::string>(fail(exchanged.error()));
    if (!old) (void)writer.rename(aside, staged, Replace::no);  // the copy is not what was set aside
    return old;
}

void say_restored(Restoring& restoring, const std::string& where, const std::string& set_aside)
{
    const DisplacedItem& item = restoring.item();
    restoring.log.changed("restored " + printable(item.id) + " to " + printable(where) + " (" +
                          human_count(item.size.files, "file", "files") + ", " + human_bytes(item.size.data) + ")");
    if (set_aside.empty()) return;
    restoring.log.found(make_finding("entry.displaced", item.entry,
                                     "what the destination held before was set aside as " + printable(set_aside),
                                     "'mailstate displaced list'"));
}

}  // namespace

Result<> restore_beside(Restoring& restoring, Writer& writer, const Workspace& workspace)
{
    const World& world = restoring.world;
    const SplitPath path = split_path(restoring.options.into);
    const DirectoryRef at = TRY(world.reader.open(path.parent));
    TRY(sweep_beside(world, writer, at));
    const Name staged{at, restore_prefix + workspace.run()};
    const DisplacedItem& item = restoring.item();
    TRY(copy_compared(world, writer, {workspace.displaced(), item.id}, item.kind, staged));
    restoring.log.touched = true;
    const Result<> placed = place(restoring, writer, staged, {at, path.name});
    if (!placed) (void)remove_own(world, writer, staged);  // else the next restore does
    TRY(placed);
    TRY(writer.sync_directory(at));
    say_restored(restoring, restoring.options.into, "");
    return {};
}

Result<> restore_in_place(Restoring& restoring, Writer& writer, Workspace& workspace)
{
    const World& world = restoring.world;
    const Entry& entry = *restoring.entry();
    const std::string& id = restoring.item().id;
    const Name staged{workspace.staging(), workspace.staging_name(id)};
    TRY(copy_compared(world, writer, TRY(find_returning(world, entry, id)), entry.kind, staged));
    const SplitPath path = split_path(entry.destination);
    const Name to{TRY(make_below(world.reader, writer, workspace.volume(), path.parent)), path.name};
    restoring.log.touched = true;
    std::string set_aside;
    Result<> placed;
    if (restoring.taken == Taken::populated) {
        Result<std::string> exchanged = exchange(restoring, writer, workspace, staged, to);
        if (exchanged)
            set_aside = std::move(*exchanged);
        else
            placed = fail(exchanged.error());
    } else {
        placed = place(restoring, writer, staged, to);
    }
    if (!placed) (void)remove_own(world, writer, staged);  // else the next run does
    TRY(placed);
    TRY(writer.sync_directory(to.at));
    TRY(writer.sync_directory(workspace.displaced()));
    (void)change_of(workspace.ledger, entry.name);
    say_restored(restoring, destination_path(world.layout, entry), set_aside);
    return {};
}

}  // namespace mailstate
