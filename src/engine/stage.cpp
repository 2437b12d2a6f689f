// SPDX-License-Identifier: MIT
#include "engine/stage.hpp"

#include <cerrno>

#include "engine/ownership_rules.hpp"
#include "engine/remove_tree.hpp"
#include "mailstate/durability.hpp"

namespace mailstate {

namespace {

Comparison comparison_of(const Run& run, const Entry& entry)
{
    const EntrySurvey& seen = run.survey.entries.at(entry.name);
    const bool own = seen.destination_mount || run.as_user;
    const Capabilities& capabilities = own ? seen.capabilities : run.survey.volume.capabilities;
    return {run.options.verify_content ? Content::yes : Content::no,
            lacks(capabilities, "mtime-ns") ? Times::coarse : Times::exact};
}

void say_phase(const Run& run, const char* phase)
{
    run.world.progress.phase = phase;
}

// A hard link to a file outside, planted by a service: its copy has one name only, and the ownership pass would give it
// to the service. Where no owner would change nothing is handed over.
Result<> refuse_foreign_files(const Run& run, const Entry& entry, const DirectoryRef& from, const CopyTotals& totals)
{
    const Result<OwnershipRules> rules = OwnershipRules::make(entry, run.survey.identities);
    if (!rules) return {};  // then no owner is changed
    for (const OutsideLink& link : totals.outside) {
        if (rules->wanted(link.relative, link.seen, link.seen.owner).owner == link.seen.owner) continue;
        return fail(Error{EMLINK, "", from->path().text(link.relative),
                          "has other names outside the entry and another owner, so it is not copied",
                          "Find them with 'find / -xdev -samefile PATH' and remove what does not belong there."});
    }
    return {};
}

Result<CopyTotals> copy_directory(const Run& run, const Entry& entry, const Spot& origin, const Spot& to, Cross cross)
{
    const World& world = run.world;
    const DirectoryRef from = TRY(world.reader.open_directory(origin.at, origin.name, cross));
    const DirectoryRef made = TRY(run.writer.make_directory(to.at, to.name, Mode{0700}));
    CopyTotals totals = TRY(copy_tree(world, run.writer, from, made, {cross}));
    TRY(refuse_foreign_files(run, entry, from, totals));
    return totals;
}

Result<CopyTotals> copy_file(const Run& run, const Spot& origin, const Spot& to)
{
    const Attributes seen = TRY(run.world.reader.attributes(origin.at, origin.name));
    CopyTotals totals;
    totals.files = 1;
    totals.bytes = TRY(copy_item(run.world, run.writer, {origin.at, origin.name, seen, 0}, to.at, to.name,
                                 durable_in(run.world.reader, to.at)));
    return totals;
}

Result<> compare(const Run& run, const Entry& entry, const Spot& origin, const Spot& to, Cross cross)
{
    const Reader& reader = run.world.reader;
    if (entry.kind == Kind::directory)
        return compare_trees(run.world, TRY(reader.open_directory(origin.at, origin.name, cross)),
                             TRY(reader.open_directory(to.at, to.name, Cross::no)), cross, comparison_of(run, entry));
    const Attributes now = TRY(reader.attributes(origin.at, origin.name));
    const Attributes copy = TRY(reader.attributes(to.at, to.name));
    return compare_items(run.world, {origin.at, origin.name, now, 0}, {to.at, to.name, copy, 0},
                         comparison_of(run, entry));
}

// Compared last: a sync may take long, and what changes in the origin meanwhile must be noticed.
Result<CopyTotals> stage(const Run& run, const Entry& entry, const Spot& to, const DirectoryRef& synced, Cross cross)
{
    const Spot origin = TRY(origin_spot(run.world, entry));
    say_phase(run, "copying");
    CopyTotals totals =
        TRY(entry.kind == Kind::directory ? copy_directory(run, entry, origin, to, cross) : copy_file(run, origin, to));
    say_phase(run, "syncing");
    TRY(run.writer.sync_filesystem(synced));
    say_phase(run, "comparing");
    TRY(compare(run, entry, origin, to, cross));
    return totals;
}

}  // namespace

Result<Staged> stage_origin(const Run& run, const Entry& entry, const DirectoryRef& at, const std::string& name,
                            const DirectoryRef& synced, Cross cross)
{
    Result<CopyTotals> totals = stage(run, entry, {at, name}, synced, cross);
    if (totals) return Staged{at, name, std::move(*totals)};
    (void)remove_own(run.world, run.writer, at, name);  // else the next run removes it
    return std::move(totals).failure();
}

Result<> publish_staged(const Run& run, const Entry& entry, const Staged& staged)
{
    const Spot to = TRY(destination_spot(run, entry));
    // A plain rename over an empty directory is atomic and ENOTEMPTY where it is not; over an empty file the lock has
    // to do. Where the name is free, it must stay free.
    const std::optional<Proof> vacant = TRY(Removal::vacant(run.world.reader, to.at, to.name, entry.kind));
    Result<> renamed = vacant ? run.writer.replace(staged.at, staged.name, to.at, to.name, *vacant)
                              : run.writer.rename(staged.at, staged.name, to.at, to.name, Replace::no);
    if (!renamed) {
        (void)remove_own(run.world, run.writer, staged.at, staged.name);  // else the next run removes it
        return renamed;
    }
    TRY(run.writer.sync_directory(to.at));
    return run.writer.sync_directory(staged.at);
}

Result<> publish_into_mount(const Run& run, const Entry& entry, const DirectoryRef& destination,
                            const std::string& staging_name)
{
    note_change(run, entry, Phase::publishing);
    LedgerEntry& record = run.workspace.ledger.entries[entry.name];
    record.staging = staging_name;
    TRY(record_phase(run, entry, Phase::publishing));
    return finish_publishing(run, entry, destination, staging_name);
}

Result<> finish_publishing(const Run& run, const Entry& entry, const DirectoryRef& destination,
                           const std::string& staging_name)
{
    const Reader& reader = run.world.reader;
    const Result<DirectoryRef> staging = reader.open_directory(destination, staging_name, Cross::no);
    if (staging) {
        std::vector<std::string> names;
        do {  // renaming while listing may skip names: list anew until there are none
            const std::unique_ptr<Listing> listing = TRY(reader.list(*staging));
            TRY(listing->next(names));
            for (const std::string& name : names)
                TRY(run.writer.rename(*staging, name, destination, name, Replace::no));
        } while (!names.empty());
        const Attributes seen = TRY(reader.attributes(*staging));
        TRY(run.writer.copy_attributes(*staging, seen, destination));
        TRY(run.writer.remove_directory(destination, staging_name, Removal::empty_directory()));
        TRY(run.writer.sync_filesystem(destination));
    } else if (staging.error().number != ENOENT) {
        return fail(staging.error());
    }
    run.workspace.ledger.entries[entry.name].staging.clear();
    return record_phase(run, entry, Phase::published);
}

}  // namespace mailstate
