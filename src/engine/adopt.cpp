// SPDX-License-Identifier: MIT
// Adopting: the data of a mounted origin is copied to the destination, and the mount is left as it is.
#include <cerrno>

#include "engine/remove_tree.hpp"
#include "engine/stage.hpp"

namespace mailstate {

namespace {

// An older copy of the same mount holds nothing of its own, so it goes once the new one stands in its place. Without
// an exchange (NFS) there is no destination between two renames: until the second, the older copy counts as set aside.
Result<> replace_older_copy(const Run& run, const Entry& entry, const Staged& staged, const Spot& to)
{
    const Result<> exchanged = run.writer.rename(staged.at, staged.name, to.at, to.name, Replace::exchange);
    if (exchanged) {
        TRY(run.writer.sync_directory(to.at));
        return remove_tree(run.world, run.writer, staged.at, staged.name);
    }
    const std::string old = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to.at, to.name));
    TRY(run.writer.rename(staged.at, staged.name, to.at, to.name, Replace::no));
    TRY(run.writer.sync_directory(to.at));
    return remove_tree(run.world, run.writer, run.workspace.displaced(), old);
}

}  // namespace

Result<Done> adopt_entry(const Run& run, const Entry& entry)
{
    Done done;
    const Spot to = TRY(destination_spot(run, entry));
    const std::optional<Attributes> there = TRY(find(run.world.reader, to.at, to.name));
    const bool populated = run.survey.entries.at(entry.name).destination == DestinationState::populated;
    const Staged staged = TRY(stage_origin(run, entry, run.workspace.staging(), run.workspace.staging_name(entry.name),
                                           run.workspace.volume(), Cross::yes));
    done.files = staged.totals.files;
    done.bytes = staged.totals.bytes;
    done.sockets = staged.totals.sockets;
    if (there && populated && is_in_phase(run, entry, Phase::adopted)) {
        TRY(replace_older_copy(run, entry, staged, to));
    } else {
        // What the destination holds was never a copy of this mount: nothing of it may be lost.
        if (there && populated)
            done.displaced.push_back(
                {0, TRY(displace_whole(run.world, run.writer, run.workspace, entry, to.at, to.name)), {}});
        TRY(publish_staged(run, entry, staged));
    }
    TRY(record_phase(run, entry, Phase::adopted, &done));
    return done;
}

}  // namespace mailstate
