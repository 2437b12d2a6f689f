// SPDX-License-Identifier: MIT
// Adopting: the data of a mounted origin is copied to the destination, and the mount is left as it is.
#include <cerrno>

#include "engine/remove_tree.hpp"
#include "engine/origin_record.hpp"
#include "engine/publish.hpp"

namespace mailstate {

namespace {

// An older copy of the same mount holds nothing of its own, so it goes once the new one stands in its place. Without
// an exchange (NFS) there is no destination between two renames: until the second, the older copy counts as set aside.
Result<> replace_older_copy(const Run& run, const Entry& entry, const Staged& staged, const Spot& to)
{
    const Result<> exchanged = run.writer.rename(staged.at, staged.name, to.at, to.name, Replace::exchange);
    if (exchanged) {
        TRY(run.writer.sync_directory(to.at));
        return remove_tree(run.world, run.writer, staged.at, staged.name,
                           TRY(Removal::superseded(run.workspace.ledger, entry.name)));
    }
    const std::string old = TRY(displace_whole(run.world, run.writer, run.workspace, entry, to.at, to.name));
    TRY(run.writer.rename(staged.at, staged.name, to.at, to.name, Replace::no));
    TRY(run.writer.sync_directory(to.at));
    return remove_tree(run.world, run.writer, run.workspace.displaced(), old,
                       TRY(Removal::superseded(run.workspace.ledger, entry.name)));
}

// A run that was cut off, or that could not write the ledger, behind the publishing: what stands there is this very
// copy. Whatever keeps it from being compared makes it another's.
bool is_this_copy(const Run& run, const Entry& entry, const Staged& staged, const Spot& to)
{
    const Reader& reader = run.world.reader;
    if (entry.kind == Kind::directory) {
        const Result<DirectoryRef> copy = reader.open_directory(staged.at, staged.name, Cross::no);
        const Result<DirectoryRef> there = reader.open_directory(to.at, to.name, Cross::no);
        return copy && there && compare_trees(run.world, *copy, *there, Cross::no, Content::yes);
    }
    const Result<Attributes> copy = reader.attributes(staged.at, staged.name);
    const Result<Attributes> there = reader.attributes(to.at, to.name);
    if (!copy || !there) return false;
    const Place left{staged.at, staged.name, *copy, 0}, right{to.at, to.name, *there, 0};
    return compare_items(run.world, left, right, Content::yes).has_value();
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
        TRY(remove_origin_record(run, entry));  // what the exchange leaves in staging is not of this origin
        TRY(replace_older_copy(run, entry, staged, to));
    } else if (there && populated && is_this_copy(run, entry, staged, to)) {
        TRY(run.writer.sync_directory(to.at));
        TRY(remove_staged(run, entry, staged.at, staged.name));
    } else {
        // What the destination holds was never a copy of this mount: nothing of it may be lost.
        if (there && populated)
            done.displaced.push_back(
                {{}, TRY(displace_whole(run.world, run.writer, run.workspace, entry, to.at, to.name))});
        (void)TRY(publish_staged(run, entry, staged));
    }
    TRY(record_phase(run, entry, Phase::adopted, &done));
    return done;
}

}  // namespace mailstate
