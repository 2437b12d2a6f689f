// SPDX-License-Identifier: MIT
// Moving an origin to where a destination is already: one that was rolled back, and used since, or one of which an
// interrupted copy is there. The destination is set aside whole.
#include <cerrno>

#include "engine/publish.hpp"

namespace mailstate {

namespace {

Result<> compare_with_destination(const Run& run, const EntryPlaces& places)
{
    const Reader& reader = run.world.reader;
    const Name &origin = places.origin, &kept = places.destination;
    const Attributes from = TRY(reader.attributes(origin)), to = TRY(reader.attributes(kept));
    TRY(compare_items(run.world, {origin, from}, {kept, to}, Content::and_attributes));
    if (places.entry.kind != Kind::directory) return {};
    Comparison how(Content::and_attributes);
    how.storage = StorageNames::extra;  // the roll back left them on the volume
    return compare_trees(run.world, TRY(reader.open_directory(origin, Cross::no)),
                         TRY(reader.open_directory(kept, Cross::no)), Cross::no, how);
}

// Nothing was written since: the volume's copy will do, and does not have to be kept twice.
Result<bool> is_unchanged(const Run& run, const EntryPlaces& places)
{
    run.world.progress.phase = "comparing";
    const Result<> same = compare_with_destination(run, places);
    if (!same && same.error().number != EBUSY) return fail(same.error());
    return static_cast<bool>(same);
}

}  // namespace

// The origin is staged, then the destination makes room for it as a whole.
Result<Moved> move_over(const Run& run, const EntryPlaces& places)
{
    Moved moved;
    const Entry& entry = places.entry;
    const Name& to = places.destination;
    const Staged staged =
        TRY(stage_origin(run, places, {run.workspace.staging(), run.workspace.staging_name(entry.name)},
                         run.workspace.volume(), Cross::no));
    moved.done.copied = staged.totals.copied;
    moved.done.sockets = staged.totals.sockets;
    // Until the copy is published there is no destination: the origin is whole, and the next run moves it.
    Displaced older;
    older.name = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to));
    moved.done.displaced.push_back(std::move(older));
    TRY(run.writer.sync_directory(to.at));
    moved.published = TRY(publish_staged(run, places, staged));
    TRY(record_phase(run, entry, Phase::published, &moved.done));
    return moved;
}

Result<Moved> move_again(const Run& run, const EntryPlaces& places)
{
    if (!TRY(is_unchanged(run, places))) return move_over(run, places);
    Moved moved;
    const Name& to = places.destination;
    moved.published.root = TRY(run.world.reader.fresh_attributes(to));
    TRY(record_phase(run, places.entry, Phase::published));
    return moved;
}

}  // namespace mailstate
