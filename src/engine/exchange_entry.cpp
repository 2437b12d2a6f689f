// SPDX-License-Identifier: MIT
#include "engine/exchange_entry.hpp"

#include <cerrno>

#include "engine/origin.hpp"
#include "engine/rolled_back.hpp"

namespace mailstate {

namespace {

Result<> remove_link(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    const std::string text = destination_path(run.world.layout, entry);
    return run.writer.remove_file(destination, TRY(Removal::own_link(run.world.reader, destination, text)));
}

// An empty directory makes room; one that is not empty any more stays, and so does everything else.
Result<> make_link(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    if (TRY(find(run.world.reader, destination)))
        TRY(run.writer.remove_directory(destination, Removal::empty_directory()));
    return run.writer.make_link(destination, destination_path(run.world.layout, entry));
}

Result<> exchange(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    // It would carry mounts along, out of the way of whoever made them: look once more, now.
    TRY(check_no_mounts(run.world.reader, origin));
    return run.writer.rename(origin, destination, Replace::exchange);
}

Result<> check_exchanged(const Run& run, const EntryPlaces& places, const Attributes& moved)
{
    const Name& to = places.destination;
    if (same_inode(TRY(run.world.reader.fresh_attributes(to)), moved)) return {};
    return fail(Error{EAGAIN, "", to.path(), "is not what was moved there",
                      "Another run works on this volume. Start again once it has ended."});
}

}  // namespace

Result<std::optional<Done>> exchange_entry(const Run& run, const EntryPlaces& places)
{
    const auto& [entry, origin, destination] = places;
    run.world.progress.phase = "renaming";
    const Attributes moved = TRY(run.world.reader.attributes(origin));
    Done done;
    const std::optional<TreeSize>& size = run.survey.entries.at(entry.name).size;
    if (size) done.copied = {size->files, size->data};
    if (!make_link(run, places)) return std::optional<Done>();
    // Before it is true, for the history: a kill right after the exchange leaves a move that the next run finishes.
    const Result<> recorded = where_there_is_room(record_phase(run, entry, Phase::published, &done));
    if (!recorded) {
        (void)remove_link(run, places);  // else the next run does
        return fail(recorded.error());
    }
    const Result<> exchanged = exchange(run, places);
    if (!exchanged) {
        TRY(remove_link(run, places));
        forget_entry(run, entry);  // the next run must not read of a destination that is not there
        (void)run.workspace.save_ledger();
        return std::optional<Done>();
    }
    TRY(run.writer.sync_directory(destination.at));
    TRY(run.writer.sync_directory(origin.at));
    TRY(check_exchanged(run, places, moved));
    TRY(remove_rollback(run.world, run.writer, origin));
    TRY(record_linked(run, entry));
    return std::optional(std::move(done));
}

Result<> remove_unfinished_exchange(const Run& run, const EntryPlaces& places)
{
    if (!run.survey.entries.at(places.entry.name).unfinished_exchange) return {};
    return remove_link(run, places);
}

}  // namespace mailstate
