// SPDX-License-Identifier: MIT
// Moving an origin that was rolled back, and used since: it is newer than the destination, which is set aside whole.
#include <cerrno>

#include "engine/stage.hpp"

namespace mailstate {

namespace {

Result<> compare_with_destination(const Run& run, const Entry& entry)
{
    const Reader& reader = run.world.reader;
    const Spot origin = TRY(origin_spot(run.world, entry)), kept = TRY(destination_spot(run, entry));
    const Attributes from = TRY(reader.attributes(origin.at, origin.name)),
                     to = TRY(reader.attributes(kept.at, kept.name));
    TRY(compare_items(run.world, {origin.at, origin.name, from, 0}, {kept.at, kept.name, to, 0},
                      Content::and_attributes));
    if (entry.kind != Kind::directory) return {};
    return compare_trees(run.world, TRY(reader.open_directory(origin.at, origin.name, Cross::no)),
                         TRY(reader.open_directory(kept.at, kept.name, Cross::no)), Cross::no, Content::and_attributes);
}

// Nothing was written since: the volume's copy will do, and does not have to be kept twice.
Result<bool> is_unchanged(const Run& run, const Entry& entry)
{
    run.world.progress.phase = "comparing";
    const Result<> same = compare_with_destination(run, entry);
    if (!same && same.error().number != EBUSY) return fail(same.error());
    return static_cast<bool>(same);
}

}  // namespace

Result<Done> publish_again(const Run& run, const Entry& entry)
{
    Done done;
    if (TRY(is_unchanged(run, entry))) return done;
    Staged staged = TRY(stage_origin(run, entry, run.workspace.staging(), run.workspace.staging_name(entry.name),
                                     run.workspace.volume(), Cross::no));
    done.files = staged.totals.files;
    done.bytes = staged.totals.bytes;
    done.sockets = staged.totals.sockets;
    // Until the copy is published there is no destination: the origin is whole, and the next run moves it.
    const Spot to = TRY(destination_spot(run, entry));
    Displaced older;
    older.name = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to.at, to.name));
    done.displaced.push_back(std::move(older));
    TRY(run.writer.sync_directory(to.at));
    TRY(publish_staged(run, entry, staged));
    TRY(record_phase(run, entry, Phase::published, &done));
    return done;
}

}  // namespace mailstate
